import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { DOCKERFILE, describeEditor, documentedCode, GO_MOD, HTTPS_PROGRAM, QUIET_PROGRAM, usePlace } from './editor.ts';

/** What every run begins with: how it waits, visits a file, and answers for a person. */
const PRELUDE = `;;; -*- lexical-binding: t -*-
(setq native-comp-deferred-compilation nil make-backup-files nil create-lockfiles nil)
;; A person's last key; without one Emacs takes it for a click, and shows a menu.
(setq last-nonmenu-event ?\\r)
(defun wait (what condition)
  (let ((end (+ (float-time) 40)))
    (while (not (funcall condition))
      (when (> (float-time) end) (error "waited in vain for %s" what))
      ;; This reads what changed on disk too.
      (read-event nil nil 0.02))))
(defun visit (file)
  (find-file file)
  ;; Eglot connects after a command, and nobody gives any.
  (run-hooks 'post-command-hook)
  (wait "the server" #'eglot-current-server)
  (wait "its attention" (lambda () eglot--managed-mode)))
(defun finds (text)
  (flymake-start)
  (seq-some (lambda (diagnostic) (string-search text (flymake-diagnostic-text diagnostic))) (flymake-diagnostics)))
(defun choose (title)
  (advice-add 'completing-read :override
              (lambda (_ items &rest _)
                (or (seq-find (lambda (item) (string-search title item)) (mapcar (lambda (item) (if (consp item) (car item) item)) items))
                    (error "nothing of that title is offered: %s" title))))
  (advice-add 'y-or-n-p :override #'always))
(defun text-of (name) (with-current-buffer (get-file-buffer name) (buffer-string)))
(defun replace-in-buffer (old new)
  (goto-char (point-min))
  (search-forward old)
  (replace-match new t t))
`;

/** What a machine lacks for Eglot to take care of Dockerfiles; empty where it lacks nothing. */
function whatIsMissing(emacs: string): string {
	const probe = "(progn (package-initialize) (dolist (name '(eglot dockerfile-mode)) (unless (require name nil t) (princ name))))";
	return spawnSync(emacs, ['--batch', '--eval', probe], { encoding: 'utf8' }).stdout ?? '';
}

describeEditor('Emacs', 'emacs', 'emacs-nox elpa-eglot elpa-dockerfile-mode', (emacs) => {
	const place = usePlace();

	before(function () {
		if (whatIsMissing(emacs) !== '') this.skip();
	});

	beforeEach(() => place.write({ 'go.mod': GO_MOD, 'main.go': QUIET_PROGRAM, '.dockerignore': '.git\n', Dockerfile: DOCKERFILE }));

	/** Runs `script`, the body of a Lisp function whose value is something that JSON knows. */
	function drive(script: string): Promise<unknown> {
		writeFileSync(place.beside('init.el'), documentedCode('Emacs', 'elisp').join('\n'));
		writeFileSync(
			place.beside('drive.el'),
			`${PRELUDE}
(let ((outcome (condition-case failure
                   (list :result (progn ${script}))
                 (error (list :error (error-message-string failure))))))
  (with-temp-file (getenv "RESULT") (insert (json-serialize outcome))))
(setq kill-emacs-hook nil)
(kill-emacs 0)`,
		);
		const files = [place.beside('init.el'), place.beside('drive.el')];
		return place.run(emacs, '--batch', '--eval', '(package-initialize)', ...files.flatMap((file) => ['-l', file]));
	}

	it('shows findings, and takes them back when they are mended by hand', async () => {
		const text = await drive(`
			(visit "Dockerfile")
			(wait "findings" (lambda () (finds "shell-form-command")))
			(replace-in-buffer "CMD /app" "CMD [\\"/app\\"]")
			;; Eglot tells the server of changes when Emacs is idle, or at once where a file is saved.
			(save-buffer)
			(wait "fewer findings" (lambda () (and (finds "unpinned-go-image") (not (finds "shell-form-command")))))
			(buffer-string)`);
		assert.equal(text, DOCKERFILE.replace('CMD /app', 'CMD ["/app"]'));
	});

	it('follows a Go file on disk, which it watches for the server', async () => {
		const text = await drive(`
			(visit "Dockerfile")
			(wait "findings" (lambda () (finds "shell-form-command")))
			(when (finds "missing-ca-certificates") (error "certificates are asked for too early"))
			(with-temp-file "main.go" (insert ${JSON.stringify(HTTPS_PROGRAM)}))
			(wait "another finding" (lambda () (finds "missing-ca-certificates")))
			(buffer-string)`);
		assert.equal(text, DOCKERFILE);
	});

	it('mends one finding', async () => {
		const text = await drive(`
			(visit "Dockerfile")
			(wait "findings" (lambda () (finds "shell-form-command")))
			(goto-char (point-min))
			(search-forward "CMD")
			(choose "Convert CMD to exec form")
			(eglot-code-actions (line-beginning-position) (line-end-position) nil t)
			(buffer-string)`);
		assert.equal(text, DOCKERFILE.replace('CMD /app', 'CMD ["/app"]'));
	});

	it('mends all that is certain', async () => {
		const text = await drive(`
			(visit "Dockerfile")
			(wait "findings" (lambda () (finds "shell-form-command")))
			(go-scratch-fix-all)
			(buffer-string)`);
		assert.equal(text, DOCKERFILE.replace('CMD /app', 'CMD ["/app"]').replace('FROM golang ', 'FROM golang:1.26 '));
	});

	it('generates a Dockerfile for the program that a person chooses', async () => {
		place.write({ 'cmd/fetch/main.go': HTTPS_PROGRAM, 'cmd/wait/main.go': QUIET_PROGRAM });
		await drive(`
			(mapc #'delete-file '("main.go" "Dockerfile" ".dockerignore"))
			(visit "Dockerfile")
			(choose "cmd/fetch")
			(go-scratch-generate)
			(wait "the text" (lambda () (string-search "ENTRYPOINT" (text-of "Dockerfile"))))
			(wait "the other file" (lambda () (get-file-buffer ".dockerignore")))
			(save-some-buffers t)
			t`);
		const text = place.read('Dockerfile') ?? '';
		for (const part of ['./cmd/fetch', 'FROM scratch', 'ca-certificates.crt']) {
			assert(text.includes(part), `${part} is in\n${text}`);
		}
		assert.match(place.read('.dockerignore') ?? '', /\S/);
	});
});

import { evidenceOf } from '../facts/evidence.ts';
import type { Facts, ShippedBinary, Target } from '../facts/facts.ts';
import { isOwnProgram, isToWorkIn } from '../facts/own-programs.ts';
import { inRootsHome, nobodyFixes, writtenBy } from '../fixes/nobody-fixes.ts';
import { resolveCommandPath } from '../image/command-path.ts';
import type { StageState } from '../image/model.ts';
import { copiesOf } from '../image/stage-chain.ts';
import { NOBODY, wantsRoot } from '../needs/needs.ts';
import { basename, isWithin } from '../workspace/paths.ts';
import type { Rule } from './rule.ts';

export const rule: Rule = {
	code: 'root-user',
	severity: 'warning',
	fixAll: true,
	judges: 'image',
	documentation: {
		summary: 'The container runs as root, and nothing in the Dockerfile or program requires it.',
		why: 'Without USER a container runs as UID 0. An attacker who takes over the program is root in the container, and closer to root on the host. Kubernetes refuses such an image with runAsNonRoot.',
		example: 'FROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		instead:
			'FROM golang:1.26 AS build\n# …\nRUN echo "nobody:x:65534:65534:nobody:/:" > /etc_passwd\n\nFROM scratch\nCOPY --from=build /etc_passwd /etc/passwd\nCOPY --from=build /app /app\nUSER 65534:65534\nENTRYPOINT ["/app"]',
		notes:
			"Not reported when the base image is unknown, or when the Dockerfile or the program needs root: setcap, chroot, mount, raw sockets, the Docker socket, an entrypoint that drops privileges, or writes to absolute directories owned by root; or when a compose file or manifest runs the container as root by name, privileged, or with capabilities. If the source of the program that the container starts was not read, it is information. If the program writes to its working directory, or keeps files elsewhere, the message names them. Also not reported for development and base images: those without a program of the workspace that have no command or contain the Go toolchain. Ports below 1024 do not require root in a network of Docker's own; where a deployment has the network of the host or runs in a pod, the fix says so. Fix-all applies the fix only when the program and all its modules could be read, when it keeps no files, starts no other program, and opens no file whose name is not known or that only its owner may read, when the stage declares no VOLUME, and when the image is not a toolchain image. Otherwise the title of the fix says what another user may not be allowed to do. There is no fix for a program below /root, or one that works or reads files there, because other users cannot read that directory: move it first.",
	},
	*check(facts) {
		for (const target of facts.targets) {
			const { state } = target;
			if (state.user.value.uid !== 0 || isToWorkIn(target) || isKeptOpen(target)) continue;
			if (needsRoot(target) || isDeployedAsRoot(facts, target)) continue;
			const { instruction } = state.user;
			yield {
				...(isUnread(target) && { severity: 'information' as const }),
				range: instruction?.range ?? state.stage.from.range,
				message: `The container runs as root${instruction === undefined ? ': the final stage has no USER' : ''}. ${advice(target)}`,
				fixes: () => nobodyFixes(facts, target),
			};
		}
	},
};

/** Whether the container only waits for somebody to work in it, and no program of the workspace is in it. */
function isKeptOpen(target: Target): boolean {
	const program = basename(resolveCommandPath(target.state)?.program ?? '');
	return /^(?:sleep|tail|cat|(?:ba|da|a)?sh)$/.test(program) && !target.binaries.some(isOwnProgram);
}

/**
 * Whether the source of what the container starts was not read: the program is known as a linker wrote it, or by its name alone. Neither
 * tells whether it needs root.
 */
function isUnread({ state, binaries, startedFile }: Target): boolean {
	if (binaries.some(({ linked, program }) => linked !== undefined && program === undefined)) return true;
	const started = binaries.filter((binary) => binary.started);
	if (started.length > 0) return !started.some(isRead);
	const command = resolveCommandPath(state)?.program;
	const mayStartAny = command === undefined || startedFile?.text !== undefined || /^(?:ba|da|a)?sh$/.test(basename(command));
	return !mayStartAny || !binaries.some(isRead);
}

/** Whether the source of a program was read, its main package included. */
function isRead({ program }: ShippedBinary): boolean {
	return program?.roots.some(({ name }) => name === 'main') === true;
}

/** Whether a deployment of the workspace makes the container's root more than its usual self, or names it: it is root on purpose there. */
function isDeployedAsRoot({ deployed }: Facts, { state }: Target): boolean {
	return deployed.some(({ image, service: { user, privileged, addedCapabilities, mounts } }) => {
		if (image.state !== state) return false;
		if (/^(?:0|root)$/.test(user.user?.value ?? '') || privileged?.value === true) return true;
		// Another user has no use of a capability that the container is given; ports below 1024 are open to all.
		if (addedCapabilities?.value?.some((name) => !/^(?:CAP_)?NET_BIND_SERVICE$/i.test(name)) === true) return true;
		return mounts.all.some(({ source }) => source !== undefined && TELLS_OF_RIGHTS.test(source));
	});
}

/** What to do, with the files that another user has to be allowed to write. */
function advice(target: Target): string {
	if (isUnread(target)) return `If the program does not need root, add USER ${NOBODY}.`;
	const written = writtenBy(target);
	const writes = `The program may write files${written === undefined || written === '' ? '' : ` (${written})`}`;
	switch (inRootsHome(target.state)) {
		case 'program':
			return written === undefined
				? `Other users cannot enter /root: move the program to another directory, and add USER ${NOBODY}.`
				: `${writes}, and other users cannot enter /root: give it another directory of its own, and add USER ${NOBODY}.`;
		case 'files':
			return `The image has files in /root, the home directory of root: move them to another directory, and add USER ${NOBODY}.`;
	}
	if (written === undefined) return `The program does not appear to need root; add USER ${NOBODY}.`;
	return `${writes}: give it a directory of its own, and add USER ${NOBODY}.`;
}

/** Programs and words in a Dockerfile that show that the program needs privileges, or changes its user itself. */
const TELLS_OF_RIGHTS =
	/\b(?:setcap|chroot|su-exec|gosu|setpriv|s6-overlay|s6-svscan|supervisord|docker\.sock|dmsetup|losetup|cryptsetup|iptables|ip6tables|ipset|ipvsadm|firewall-cmd|ufw|nft|wireguard|wg-quick|CAP_[A-Z_]+|chpst|setuidgid|runuser|sudo|fuse[23]?|modprobe|nsenter|systemd|systemctl|runsvdir)\b|^\/sbin\/init\b/;

/** Programs that do what only root may: they work on devices, file systems, the network, processes of others or the users of the system. */
const WORKS_AS_ROOT =
	/^(?:ipmitool|smartctl|nvme|hdparm|mdadm|megacli(?:64)?|storcli(?:64)?|perccli(?:64)?|dmidecode|parted|sgdisk|mkfs(?:\.\w+)?|u?mount|swapon|tcpdump|ethtool|brctl|sysctl|insmod|rmmod|lvm|vgs|lvs|pvs|zpool|zfs|btrfs|bpftool|reboot|shutdown|poweroff|useradd|userdel|usermod|adduser|deluser|chown|apt|apt-get|apk|dnf|yum)$/i;

/** Programs and packages that nobody puts into an image but for a program that is root. */
const BROUGHT_FOR_ROOT =
	/^(?:ipmitool|smartmontools|smartctl|nvme-cli|hdparm|mdadm|lvm2|open-iscsi|multipath-tools|tcpdump|mtr|mtr-packet|arping|nmap|dmidecode|bpftool|zfs|zfsutils-linux|btrfs-progs|xfsprogs|e2fsprogs)$/;

function installs([name, ...rest]: readonly (string | undefined)[]): boolean {
	return /^(?:apk|apt|apt-get|yum|dnf|microdnf|tdnf|zypper)$/.test(name ?? '') && rest.some((word) => word === 'add' || word === 'install');
}

/** Instructions whose text may tell of rights; comments and the names of stages do not count. */
function needsRoot(target: Target): boolean {
	if (evidenceOf(target, 'privilege').some(({ evidence }) => wantsRoot(evidence))) return true;
	// A directory of its own below the working directory can belong to any user.
	if (evidenceOf(target, 'writable-directory').some(({ evidence }) => evidence.detail?.startsWith('/') !== false)) return true;
	// Its home is closed to everybody else, and what it keeps there is a secret as a rule.
	const opens = target.binaries.flatMap(({ program }) => program?.unknowns ?? []);
	if (opens.some(({ kind, detail }) => /file/.test(kind) && detail !== undefined && isWithin('/root', detail))) return true;
	// A program that starts one of these means to do what only root may.
	const started = evidenceOf(target, 'executable').map(({ evidence }) => evidence.detail ?? '');
	if (started.some((name) => TELLS_OF_RIGHTS.test(name) || WORKS_AS_ROOT.test(basename(name)))) return true;
	// So does who puts one of those into the image that work on devices or on raw sockets.
	const brought = copiesOf(target.state).map(({ destination, source }) => basename(source ?? destination ?? ''));
	if (brought.some((name) => BROUGHT_FOR_ROOT.test(name))) return true;
	for (let state: StageState | undefined = target.state; state !== undefined; state = state.parent) {
		const { stage, ran } = state;
		if (ran.some(({ words }) => installs(words) && words.some((word) => BROUGHT_FOR_ROOT.test(word ?? '')))) return true;
		if (ran.some(({ words }) => words.some((word) => word !== undefined && TELLS_OF_RIGHTS.test(word)))) return true;
		for (const instruction of stage.instructions) {
			if (instruction.keyword === 'VOLUME' && instruction.words.some((word) => TELLS_OF_RIGHTS.test(word.raw))) return true;
			if (instruction.keyword !== 'ENTRYPOINT' && instruction.keyword !== 'CMD') continue;
			const command = instruction.command;
			const text = command?.form === 'exec' ? command.items.map((item) => item.value).join(' ') : (command?.text ?? '');
			if (TELLS_OF_RIGHTS.test(text)) return true;
		}
	}
	return entrypointMayDropRights(target);
}

/** A script as entrypoint may drop privileges itself; only where its text is known and says nothing of it is root meant. */
function entrypointMayDropRights(target: Target): boolean {
	const command = target.state.entrypoint?.value;
	if (command?.form !== 'exec') return false;
	const [first] = command.items;
	if (first === undefined || !/\.(?:sh|bash)$|entrypoint/.test(first.value)) return false;
	const content = target.startedFile?.text ?? target.state.files.get(first.value)?.content;
	return content === undefined || TELLS_OF_RIGHTS.test(content);
}

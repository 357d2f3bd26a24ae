import assert from 'node:assert/strict';
import { groupOf, passwdOf } from '../../server/image/accounts.ts';
import { lastStage } from './build.ts';
import { assertFiles, type ExpectedFiles } from './expected-files.ts';

/** What the commands of a RUN leave in a stage, as the manual pages of coreutils, busybox, shadow and the like say. */

interface Case extends ExpectedFiles {
	/** The text of one RUN. */
	readonly run: string;
	/** What it runs on; alpine unless told. */
	readonly from?: string;
}

const cases: Readonly<Record<string, readonly Case[]>> = {
	'cd changes the directory of what follows': [
		{ run: 'cd /opt && touch a', yes: '/opt/a', no: '/a' },
		{ run: 'cd opt && touch a', yes: '/opt/a' },
		{ run: 'cd /opt/x/../y && touch a', yes: '/opt/y/a', no: '/opt/x/a' },
		{ run: 'cd && touch a', yes: '/root/a', no: '/a' },
		{ run: 'HOME=/h; cd; touch a', yes: '/h/a' },
		{ run: 'cd - && touch a', unknown: '/opt/a' },
		{ run: 'cd /o* && mkdir a', unknown: '/opt/a' },
		{ run: 'cd "$(cat /dir)" && touch a', unknown: '/a /opt/a' },
		{ run: 'pushd /opt && touch a', yes: '/opt/a' },
	],
	variables: [
		{ run: 'A=/x && mkdir $A', yes: '/x' },
		{ run: 'A=/x; unset A; mkdir /d$A', yes: '/d', no: '/d/x' },
		{ run: 'A=/x sh -c "mkdir /d$A"', yes: '/d' },
		{ run: "A=/x sh -c 'mkdir $A'", yes: '/x' },
		{ run: "A=/x; sh -c 'mkdir /d$A'", yes: '/d', no: '/d/x' },
		{ run: "export A=/x; sh -c 'mkdir -p /d$A'", yes: '/d/x' },
		{ run: "A=/x; export A; sh -c 'mkdir -p /d$A'", yes: '/d/x' },
		{ run: "export A=/x; export -n A; sh -c 'mkdir /d$A'", yes: '/d', no: '/d/x' },
		{ run: "declare -x A=/x; sh -c 'mkdir -p /d$A'", yes: '/d/x' },
		{ run: "declare A=/x; sh -c 'mkdir /d$A'", yes: '/d', no: '/d/x' },
		{ run: "set -a; A=/x; sh -c 'mkdir -p /d$A'", yes: '/d/x' },
		{ run: "set -a; set +a; A=/x; sh -c 'mkdir /d$A'", yes: '/d', no: '/d/x' },
		{ run: "set -o allexport; A=/x; sh -c 'mkdir -p /d$A'", yes: '/d/x' },
		{ run: "set -o pipefail; A=/x; sh -c 'mkdir /d$A'", yes: '/d', no: '/d/x' },
		{ run: "set -ea; A=/x; sh -c 'mkdir -p /d$A'", yes: '/d/x' },
		{ run: "set -- -a; A=/x; sh -c 'mkdir /d$A'", yes: '/d', no: '/d/x' },
		{ run: 'export A=$(cat /f); mkdir "/d$A"', unknown: '/d /dx' },
		{ run: "export A=/x; unset A; sh -c 'mkdir /d$A'", yes: '/d', no: '/d/x' },
	],
	mkdir: [
		{ run: 'mkdir /a /b', yes: '/a /b', mode: { '/a': '755' }, owner: { '/a': 0 } },
		{ run: 'mkdir -p -m 700 /a/b', yes: '/a /a/b', mode: { '/a/b': '700' } },
		{ run: 'mkdir --mode=1777 /a', mode: { '/a': '1777' } },
		{ run: 'mkdir -p /a/{b,c}/d', unknown: '/a/b/d /a/c/d', no: '/b' },
		{ run: 'mkdir "/a/{b,c}"', yes: '/a/{b,c}', no: '/a/b' },
		{ run: 'mkdir /a/$UNKNOWN', no: '/b' },
		{ run: 'test -d /a || mkdir /a', unknown: '/a' },
		{ run: 'test -d /tmp || mkdir /tmp', yes: '/tmp' },
		{ run: 'mkdir -p "/opt/$(cat /v)"', unknown: '/opt/x', no: '/srv/y' },
	],
	touch: [
		{ run: 'touch /a', yes: '/a', content: { '/a': '' } },
		{ run: 'touch -d 2020-01-01 /a', yes: '/a', no: '/2020-01-01' },
		{ run: 'touch -r /etc/passwd /a', yes: '/a' },
		{ run: 'echo x > /a && touch /a', content: { '/a': 'x\n' } },
		{ run: 'touch "/opt/$(cat /v)"', unknown: '/opt/x', no: '/srv/y' },
	],
	rm: [
		{ run: 'touch /a /b && rm /a', no: '/a', yes: '/b' },
		{ run: 'rm -rf /etc', no: '/etc /etc/passwd', yes: '/bin/sh' },
		{ run: 'mkdir /d && rmdir /d', no: '/d' },
		{ run: 'touch /a && unlink /a', no: '/a' },
		{ run: 'touch /a && rm -f /a*', yes: '/a' },
		{ run: 'touch /a && rm -- /a', no: '/a' },
	],
	cp: [
		{ run: 'echo x > /a && cp /a /b', content: { '/b': 'x\n' }, yes: '/a' },
		{ run: 'touch /a && cp /a /opt', yes: '/opt/a' },
		{ run: 'touch /a && cp /a /opt/', yes: '/opt/a' },
		{ run: 'touch /a && cp /a /new/', yes: '/new/a' },
		{ run: 'touch /a /b && cp /a /b /opt', yes: '/opt/a /opt/b', no: '/opt/c' },
		{ run: 'touch /a && cp -t /opt /a', yes: '/opt/a' },
		{ run: 'touch /a && cp --target-directory=/opt /a', yes: '/opt/a' },
		{ run: 'mkdir /d && touch /d/f && cp -r /d /e', yes: '/e/f', no: '/e/d' },
		{ run: 'mkdir /d /e && touch /d/f && cp -r /d /e', yes: '/e/d/f', no: '/e/f' },
		{ run: 'mkdir /d /e && touch /d/f && cp -r /d/. /e', yes: '/e/f', no: '/e/d' },
		{ run: 'mkdir /d /e && touch /d/f && cp -r -T /d /e', yes: '/e/f', no: '/e/d' },
		{ run: 'touch /a && chown 5 /a && cp /a /b', owner: { '/b': 0 } },
		{ run: 'touch /a && chown 5 /a && cp -p /a /b', owner: { '/b': 5 } },
		{ run: 'touch /a && chown 5 /a && cp -a /a /b', owner: { '/b': 5 } },
		{ run: 'touch /a && chmod 700 /a && cp /a /b', mode: { '/b': '700' } },
		{ run: 'cp /nowhere /b', unknown: '/b', no: '/c' },
		{ run: 'cp --parents /etc/passwd /opt', unknown: '/opt/etc/passwd', no: '/srv/x' },
		{ run: 'cp /x* /opt', unknown: '/opt/x1', no: '/srv/x1' },
		{ run: 'cp /etc/passwd "/opt/$(cat /v)"', unknown: '/opt/x', no: '/srv/x' },
		{ run: 'test -f /x && cp /etc/passwd /opt/p; true', unknown: '/opt/p', no: '/opt/q' },
		{ run: 'if test -f /x; then cp /etc/passwd /new; fi', unknown: '/new' },
	],
	mv: [
		{ run: 'echo x > /a && mv /a /b', content: { '/b': 'x\n' }, no: '/a' },
		{ run: 'touch /a && mv /a /opt', yes: '/opt/a', no: '/a' },
		{ run: 'touch /a /b && mv /a /b /opt', yes: '/opt/a /opt/b', no: '/a /b' },
		{ run: 'touch /a && mv -t /opt /a', yes: '/opt/a', no: '/a' },
		{ run: 'touch /a && mv /a /new/', yes: '/new/a', no: '/a' },
		{ run: 'touch /opt/a && mv /opt/a "/srv/$(cat /v)"', unknown: '/srv/x', no: '/usr/local/bin/x' },
		{ run: 'touch /opt/a && mv "/opt/$(cat /v)" /srv/b', unknown: '/opt/x /srv/b', no: '/usr/local/bin/x' },
		{ run: 'touch /opt/a && mv /opt/a "/srv/$(cat /v)" && touch /opt/c', no: '/opt/d', yes: '/opt/c' },
		{ run: 'touch /opt/a; [ -f /x ] && mv /opt/a /srv/a; true', unknown: '/srv/a', no: '/srv/b' },
		{ run: 'mv /nowhere /srv/a', unknown: '/srv/a', no: '/usr/local/bin/x' },
	],
	ln: [
		{ run: 'ln -s /etc/passwd /p', yes: '/p' },
		{ run: 'ln -s /nowhere /p', no: '/p' },
		{ run: 'cd /opt && ln -s /etc/passwd', yes: '/opt/passwd' },
		{ run: 'ln -s /etc/passwd /opt', yes: '/opt/passwd' },
		{ run: 'mkdir /d /e && touch /e/f && ln -s /e /d', yes: '/d/e/f', no: '/d/f' },
		{ run: 'mkdir /d /e && touch /e/f && rmdir /d && ln -s -n /e /d', yes: '/d/f' },
		{ run: 'echo x > /a && ln /a /b', content: { '/b': 'x\n' }, yes: '/a' },
		{ run: 'ln /nowhere /b', unknown: '/b' },
		{ run: 'ln -s "$(cat /v)" /opt/b', unknown: '/opt/b', no: '/srv/b' },
		{ run: 'ln -s /etc/passwd "/opt/$(cat /v)"', unknown: '/opt/b', no: '/srv/b' },
		{ run: '[[ -f /x ]] && ln -s /etc/passwd /opt/b; true', unknown: '/opt/b', no: '/srv/b' },
		{ run: 'ln', no: '/app' },
		{ run: 'touch /a && ln --symbolic /etc/passwd /b', yes: '/b' },
	],
	install: [
		{ run: 'touch /a && install /a /b', yes: '/b', mode: { '/b': '755' } },
		{ run: 'touch /a && install -m 600 /a /b', mode: { '/b': '600' } },
		{ run: 'touch /a && install --mode=0640 /a /b', mode: { '/b': '640' } },
		{ run: 'touch /a && install -D /a /x/y/b', yes: '/x/y/b' },
		{ run: 'touch /a && install /a -t /opt', yes: '/opt/a' },
		{ run: 'install -d /x/y', yes: '/x/y', mode: { '/x/y': '755' }, owner: { '/x/y': 0 } },
		{ run: 'install --directory --mode=700 --owner=5 /x', mode: { '/x': '700' }, owner: { '/x': 5 } },
		{ run: 'install -d -o nobody /x', owner: { '/x': 65534 } },
		{ run: 'install -d -o nosuchuser /x', owner: { '/x': undefined } },
		{ run: 'install -d "/opt/$(cat /v)"', unknown: '/opt/x', no: '/srv/x' },
	],
	'chmod and chown': [
		{ run: 'touch /a && chmod 600 /a', mode: { '/a': '600' } },
		{ run: 'touch /a && chmod 0755 /a', mode: { '/a': '755' } },
		{ run: 'touch /a && chmod +x /a', mode: { '/a': undefined } },
		{ run: 'touch /a && chmod u+x /a', mode: { '/a': undefined } },
		{ run: 'mkdir -p /d/e && touch /d/e/f && chmod -R 700 /d', mode: { '/d': '700', '/d/e': '700', '/d/e/f': '700' } },
		{ run: 'mkdir -p /d/e && chmod 700 /d', mode: { '/d': '700', '/d/e': '755' } },
		{ run: 'mkdir -p /d/e && chmod --recursive 700 /d', mode: { '/d/e': '700' } },
		{ run: 'touch /a; test -f /x && chmod 600 /a; true', mode: { '/a': undefined } },
		{ run: 'touch /a && chown 7:8 /a', owner: { '/a': 7 } },
		{ run: 'touch /a && chown 7.8 /a', owner: { '/a': 7 } },
		{ run: 'touch /a && chown nobody:nobody /a', owner: { '/a': 65534 } },
		{ run: 'touch /a && chown :8 /a', owner: { '/a': 0 } },
		{ run: 'touch /a && chown "$U" /a', owner: {} },
		{ run: 'touch /a && chown nosuchuser /a', owner: { '/a': undefined } },
		{ run: 'touch /a && chgrp 8 /a', owner: { '/a': 0 } },
		{ run: 'mkdir -p /d/e && chown -R 7 /d', owner: { '/d': 7, '/d/e': 7 } },
		{ run: 'mkdir -p /d/e && chown 7 /d', owner: { '/d': 7, '/d/e': 0 } },
		{ run: 'mkdir -p /d/e && chown --recursive 7 /d', owner: { '/d/e': 7 } },
		{ run: 'touch /a; test -f /x && chown 7 /a; true', owner: { '/a': undefined } },
	],
	'echo and printf': [
		{ run: 'echo a b > /f', content: { '/f': 'a b\n' } },
		{ run: 'echo "a  b" c > /f', content: { '/f': 'a  b c\n' } },
		{ run: 'echo -n a > /f', content: { '/f': 'a' } },
		{ run: "echo -e 'a\\tb' > /f", content: { '/f': 'a\tb\n' } },
		{ run: "echo -ne 'a\\nb' > /f", content: { '/f': 'a\nb' } },
		{ run: 'echo -x a > /f', content: { '/f': '-x a\n' } },
		{ run: 'echo > /f', content: { '/f': '\n' } },
		{ run: 'echo a >> /f && echo b >> /f', content: {} },
		{ run: 'echo a > /f && echo b >> /f', content: { '/f': 'a\nb\n' } },
		{ run: 'echo "$(cat /v)" > /f', yes: '/f', content: { '/f': undefined } },
		{ run: 'echo a "$(cat /v)" > /f', content: { '/f': undefined } },
		{ run: 'echo /e* > /f', content: { '/f': undefined } },
		{ run: 'printf abc > /f', content: { '/f': 'abc' } },
		{ run: "printf 'a\\n' > /f", content: { '/f': 'a\n' } },
		{ run: "printf '%s-%s\\n' a b > /f", content: { '/f': 'a-b\n' } },
		{ run: "printf '%s\\n' a b c > /f", content: { '/f': 'a\nb\nc\n' } },
		{ run: "printf '%s:%s\\n' a > /f", content: { '/f': 'a:\n' } },
		{ run: "printf '%d%%\\n' 5 > /f", content: { '/f': '5%\n' } },
		{ run: "printf '%5s' a > /f", content: { '/f': undefined } },
		{ run: 'printf "%s" "$(cat /v)" > /f', content: { '/f': undefined } },
		{ run: "printf 'plain' a b > /f", content: { '/f': 'plain' } },
	],
	'cat, grep, tee and sed': [
		{ run: 'echo a > /a && cat /a > /b', content: { '/b': 'a\n' } },
		{ run: 'echo a > /a && echo b > /b && cat /a /b > /c', content: { '/c': 'a\nb\n' } },
		{ run: 'echo a | cat > /b', content: { '/b': 'a\n' } },
		{ run: 'cat /nowhere > /b', content: { '/b': undefined } },
		{ run: 'echo a | tee /b', content: { '/b': 'a\n' } },
		{ run: 'echo a > /b && echo b | tee -a /b', content: { '/b': 'a\nb\n' } },
		{ run: 'echo a | tee /b /c > /d', content: { '/b': 'a\n', '/c': 'a\n', '/d': 'a\n' } },
		{ run: 'echo a > /b && sed -i s/a/b/ /b', yes: '/b', content: { '/b': undefined } },
		{ run: 'echo a > /b && sed s/a/b/ /b', content: { '/b': 'a\n' } },
		{ run: 'echo a > /b && sed -i.bak -e s/a/b/ /b', content: { '/b': undefined } },
		{ run: 'printf "a:1\\nb:2\\n" > /f && grep ^a /f > /g', content: { '/g': 'a:1\n' } },
		{ run: 'printf "a:1\\nb:2\\n" > /f && grep -v ^a /f > /g', content: {} },
	],
	awk: [
		{ run: "awk '{ print $1 }' /etc/passwd", no: '/app' },
		{ run: `awk '{ print > "/opt/out" }' /etc/passwd`, unknown: '/opt/out' },
		{ run: `awk '{ system("make") }' /etc/passwd`, unknown: '/app' },
		{ run: 'awk -f /script /etc/passwd', unknown: '/app' },
		{ run: 'echo a > /f && gawk -i inplace 1 /f', content: { '/f': undefined } },
	],
	'programs that start others': [
		{ run: 'time mkdir /a', yes: '/a' },
		{ run: 'nice -n 5 mkdir /a', yes: '/a' },
		{ run: 'timeout -s KILL 5 mkdir /a', yes: '/a' },
		{ run: 'timeout 5 mkdir /a', yes: '/a' },
		{ run: 'sudo -u root mkdir /a', yes: '/a' },
		{ run: 'gosu root mkdir /a', yes: '/a', no: '/b' },
		{ run: 'su-exec 5:5 mkdir /a', yes: '/a', no: '/b' },
		{ run: 'busybox mkdir /a', yes: '/a' },
		{ run: 'command -- mkdir /a', yes: '/a' },
		{ run: 'exec mkdir /a', yes: '/a' },
		{ run: 'time', no: '/app' },
		{ run: 'env A=/x mkdir /a', yes: '/a' },
		{ run: "env A=/x sh -c 'mkdir $A'", yes: '/x' },
		{ run: "export A=/x; env -u A sh -c 'mkdir /d'", yes: '/d' },
		{ run: 'env -i mkdir /a', yes: '/a' },
		{ run: 'env -v mkdir /a', yes: '/a' },
		{ run: 'nohup ./script', unknown: '/app' },
		{ run: 'eval mkdir /a', yes: '/a' },
		{ run: "eval 'mkdir /a' '/b'", yes: '/a /b' },
		{ run: 'eval "cd /opt" && touch a', yes: '/opt/a', no: '/a' },
		{ run: 'eval "$(cat /v)"', unknown: '/app' },
		{ run: 'sh -ec "mkdir /a"', yes: '/a' },
		{ run: 'sh -c "cd /opt && touch a"; touch b', yes: '/opt/a /b' },
		{ run: 'sh /script', unknown: '/app' },
		{ run: 'echo "mkdir /a" | sh', yes: '/a' },
		{ run: 'sh -c "$(cat /v)"', unknown: '/app' },
		{ run: 'trap "rm -f /x" EXIT; mkdir /a', yes: '/a' },
		{ run: 'trap "touch /x" EXIT', unknown: '/x', no: '/y' },
		{ run: 'trap - EXIT', no: '/app' },
		{ run: 'trap ./script EXIT', unknown: '/app' },
		{ run: 'find / -name "*.a"', no: '/app' },
		{ run: 'find / -name "*.a" -delete', unknown: '/app' },
		{ run: 'find / -exec touch {} +', unknown: '/app' },
		{ run: 'xargs -n1 touch < /list', unknown: '/app' },
	],
	downloads: [
		{ run: 'curl -o /a https://x.example/y', yes: '/a', content: { '/a': undefined } },
		{ run: 'curl https://x.example/y > /a', yes: '/a' },
		{ run: 'cd /opt && curl -O https://x.example/y', yes: '/opt/y' },
		{ run: 'curl https://x.example/y', no: '/y /app' },
		{ run: 'curl -o /dev/null https://x.example/y', no: '/y' },
		{ run: 'curl -D /headers -o /a https://x.example/y', yes: '/a', unknown: '/headers' },
		{ run: 'curl -K /options', unknown: '/app' },
		{ run: 'curl --remote-name --output-dir /opt https://x.example/y', yes: '/opt/y' },
		{ run: 'curl -o "/opt/$(cat /v)" https://x.example/y', unknown: '/opt/x', no: '/srv/x' },
		{ run: 'cd /opt && wget https://x.example/y', yes: '/opt/y' },
		{ run: 'wget -O /a https://x.example/y', yes: '/a' },
		{ run: 'wget -O - https://x.example/y', no: '/y' },
		{ run: 'wget --directory-prefix=/opt https://x.example/d/y', yes: '/opt/y' },
		{ run: 'wget -P /opt https://x.example/a https://x.example/b', unknown: '/opt/a /opt/b' },
		{ run: 'wget -r -P /opt https://x.example/a', unknown: '/opt/b', no: '/srv/b' },
		{ run: 'wget -P /opt "https://x.example/get?name"', yes: '/opt/name' },
		{ run: 'wget -P /opt https://x.example/', unknown: '/opt/index.html' },
	],
	archives: [
		{ run: 'tar -xzf /a.tgz -C /opt', unknown: '/opt/x', no: '/srv/x' },
		{ run: 'tar xzf /a.tgz -C /opt', unknown: '/opt/x', no: '/srv/x' },
		{ run: 'cd /opt && tar xf /a.tar', unknown: '/opt/x', no: '/srv/x' },
		{ run: 'tar --directory=/opt -xf /a.tar', unknown: '/opt/x', no: '/srv/x' },
		{ run: 'tar -tf /a.tar', no: '/x' },
		{ run: 'tar tf /a.tar', no: '/x' },
		{ run: 'tar -czf /opt/a.tgz /etc', unknown: '/opt/a.tgz', no: '/opt/b /x' },
		{ run: 'tar czf /opt/a.tgz /etc', unknown: '/opt/a.tgz', no: '/opt/b /x' },
		{ run: 'unzip /a.zip -d /new', yes: '/new', unknown: '/new/x', no: '/srv/x' },
		{ run: 'cd /opt && unzip /a.zip', unknown: '/opt/x', no: '/srv/x' },
	],
	git: [
		{ run: 'git clone https://x.example/o/r', yes: '/r', unknown: '/r/x' },
		{ run: 'git clone https://x.example/o/r.git /opt/s', yes: '/opt/s', no: '/r' },
		{ run: 'git clone -b main --depth 1 git@x.example:r.git', yes: '/r', no: '/main' },
		{ run: 'git clone https://x.example/o/r/', yes: '/r' },
		{ run: 'git clone "$(cat /v)"', unknown: '/r' },
		{ run: 'git describe --tags', no: '/r' },
		{ run: 'cd /opt && git checkout main', unknown: '/opt/x', no: '/srv/x' },
		{ run: 'cd /opt && git config x.y z', no: '/opt/x' },
	],
	'tools that report': [
		{ run: 'cd /opt && golangci-lint run', no: '/opt/x' },
		{ run: 'cd /opt && golangci-lint run --out-format=json', unknown: '/opt/x', no: '/srv/x' },
		{ run: 'jq . /a.json > /b.json', yes: '/b.json' },
		{ run: 'yq -i .a=1 /opt/b.yaml', unknown: '/opt/b.yaml' },
		{ run: 'uniq /a /opt/b', unknown: '/opt/b', no: '/opt/c' },
		{ run: 'uniq /a', no: '/opt/b' },
		{ run: 'sort -o /opt/b /a', unknown: '/opt/b', no: '/opt/c' },
		{ run: 'sort /a > /b', yes: '/b' },
		{ run: 'gpg --batch --output /opt/b --decrypt /a', unknown: '/opt/b', no: '/opt/c' },
	],
	certificates: [
		{ run: 'update-ca-certificates', yes: '/etc/ssl/certs/ca-certificates.crt' },
		{ run: 'update-ca-certificates', from: 'scratch', yes: '/etc/ssl/certs/ca-certificates.crt' },
	],
	'what nobody knows': [
		{ run: 'make install', unknown: '/app /usr/local/bin/x', yes: '/bin/sh' },
		{ run: 'test -f /x && ./script', unknown: '/app' },
		// The RUN fails where the test does.
		{ run: 'test -f /x && touch /a', yes: '/a' },
		{ run: 'test -f /x && touch /a; touch /b', unknown: '/a', yes: '/b' },
		{ run: 'test -f /x && touch /a && touch /b; true', unknown: '/a /b' },
		{ run: 'touch /x && touch /a; true', yes: '/a' },
		{ run: 'true; false; test -f /x; [ -f /y ]; whoami; uname -a', no: '/app' },
	],
	redirections: [
		{ run: ': > /a', yes: '/a' },
		{ run: '> /a', yes: '/a', content: { '/a': '' } },
		{ run: 'make > /log 2>&1', yes: '/log' },
		{ run: 'echo x 2> /err > /out', yes: '/err /out', content: { '/out': 'x\n' } },
		{ run: 'echo x > /dev/null', no: '/x' },
		{ run: '{ echo a; echo b; } > /f', yes: '/f' },
		{ run: 'cd /opt && echo x > "/opt/$(cat /v)"', unknown: '/opt/y', no: '/srv/y' },
		{ run: 'test -f /x && echo x > /opt/y; true', unknown: '/opt/y', no: '/opt/z' },
		{ run: 'cat <<EOF > /f\nhello\nEOF', content: {} },
	],
};

describe('what a command leaves', () => {
	for (const [about, rows] of Object.entries(cases)) {
		describe(about, () => {
			for (const { run, from = 'alpine:3.20', ...expected } of rows) {
				it(`${run.replaceAll('\n', '⏎')}${from === 'alpine:3.20' ? '' : ` (${from})`}`, async () => {
					assertFiles((await lastStage(`FROM ${from}\nRUN ${run}\n`)).files, expected);
				});
			}
		});
	}
});

describe('directories that are put into each other', () => {
	const DEEP = '/a'.repeat(198);
	for (const command of ['mv', 'cp -r']) {
		it(`are copied as deep as anybody nests them, by ${command}`, async () => {
			const runs = Array.from(
				{ length: 60 },
				(_, index) => `RUN mkdir -p /x${index + 1}${DEEP} && ${command} /x${index} /x${index + 1}${DEEP}/y`,
			);
			const text = `FROM alpine AS a\nRUN mkdir -p /x0${DEEP}\n${runs.join('\n')}\nFROM scratch\nCOPY --from=a / /\nCOPY --from=a / /q/\n`;
			const { files } = await lastStage(text);
			assert.equal(files.has('/q/x60/a/a'), 'yes');
			assert.equal(files.has('/q/x60/a/b'), 'no');
		});
	}
});

describe('the accounts that a command makes', () => {
	/** The user's uid, gid and home directory, and the group's gid; `undefined` where it is not known or not there. */
	const accounts: readonly {
		readonly from: string;
		readonly run: string;
		readonly user?: readonly [name: string, uid: number | undefined, gid: number | undefined];
		readonly group?: readonly [name: string, gid: number | undefined];
		readonly home?: string;
		readonly noHome?: string;
		/** Whether nothing is known of the users. */
		readonly unknown?: boolean;
	}[] = [
		{ from: 'alpine', run: 'adduser -D u', user: ['u', 1000, 1000], group: ['u', 1000], home: '/home/u' },
		{ from: 'alpine', run: 'adduser -D -h /h u', user: ['u', 1000, 1000], home: '/h', noHome: '/home/u' },
		{ from: 'alpine', run: 'adduser -D -H u', noHome: '/home/u' },
		{ from: 'alpine', run: 'adduser -D -G nobody u', user: ['u', 1000, 65534] },
		{ from: 'alpine', run: 'adduser -D -G nosuchgroup u', user: ['u', 1000, undefined] },
		{ from: 'alpine', run: 'adduser -S -u 5 u', user: ['u', 5, 65533] },
		{ from: 'alpine', run: 'adduser --system --uid 5 u', user: ['u', 5, 65533] },
		{ from: 'alpine', run: 'addgroup -g 7 g && adduser -D -u 5 -G g u', user: ['u', 5, 7], group: ['g', 7] },
		{ from: 'alpine', run: 'addgroup g', group: ['g', 1000] },
		{ from: 'alpine', run: 'addgroup -S g', group: ['g', undefined] },
		{ from: 'alpine', run: 'addgroup g && addgroup h', group: ['h', 1001] },
		{ from: 'alpine', run: 'adduser -D u && adduser u wheel', user: ['u', 1000, 1000] },
		{ from: 'alpine', run: 'adduser -D -u "$(cat /v)" u', user: ['u', undefined, undefined] },
		{ from: 'alpine', run: 'adduser -D', unknown: true },
		{ from: 'alpine', run: 'test -f /x && adduser -D u; true', unknown: true },
		{ from: 'debian:12', run: 'adduser --system --uid 5 u', user: ['u', 5, 65534], home: '/home/u' },
		{ from: 'debian:12', run: 'adduser --system --no-create-home --uid 5 u', noHome: '/home/u' },
		{ from: 'debian:12', run: 'adduser --disabled-password --gecos "" --ingroup nogroup u', user: ['u', 1000, 65534] },
		{ from: 'debian:12', run: 'adduser --disabled-password --gecos "" --gid 9 u', user: ['u', 1000, 9] },
		{ from: 'debian:12', run: 'useradd u', user: ['u', 1000, 1000], group: ['u', 1000], noHome: '/home/u' },
		{ from: 'debian:12', run: 'useradd -m u', home: '/home/u' },
		{ from: 'debian:12', run: 'useradd --create-home --home-dir /h u', home: '/h', noHome: '/home/u' },
		{ from: 'debian:12', run: 'useradd -m -d /h u', home: '/h', noHome: '/home/u' },
		{ from: 'debian:12', run: 'useradd -M u', noHome: '/home/u' },
		{ from: 'debian:12', run: 'useradd -u 5 -g nogroup u', user: ['u', 5, 65534] },
		{ from: 'debian:12', run: 'useradd --uid 5 --gid 9 -s /bin/false -c "A user" u', user: ['u', 5, 9] },
		{ from: 'debian:12', run: 'useradd -r u', user: ['u', undefined, undefined] },
		{ from: 'debian:12', run: 'useradd -u 5 u && useradd v', user: ['v', 1000, 1000] },
		{ from: 'debian:12', run: 'useradd -u 1000 u && useradd v', user: ['v', 1001, 1001] },
		{ from: 'debian:12', run: 'groupadd --gid 9 g', group: ['g', 9] },
		{ from: 'debian:12', run: 'groupadd -r g', group: ['g', undefined] },
		{ from: 'debian:12', run: 'userdel games', unknown: true },
		{ from: 'debian:12', run: 'usermod -u 7 games', unknown: true },
	];
	for (const { from, run, user, group, home, noHome, unknown = false } of accounts) {
		it(`${run} (${from})`, async () => {
			const stage = await lastStage(`FROM ${from}\nRUN ${run}\n`);
			const users = passwdOf(stage);
			assert.equal(users === undefined, unknown, 'whether the users are known');
			if (user !== undefined) {
				const [name, uid, gid] = user;
				const found = users?.get(name);
				assert.deepEqual([found?.uid, found?.gid], [uid, gid]);
			}
			if (group !== undefined) {
				assert.equal(groupOf(stage)?.get(group[0]), group[1]);
			}
			if (home !== undefined) {
				assert.equal(stage.files.has(home), 'yes', home);
			}
			if (noHome !== undefined) {
				assert.equal(stage.files.has(noHome), 'no', noHome);
			}
		});
	}

	it('stand on lines of their own', async () => {
		const { files } = await lastStage(
			"FROM scratch\nCOPY --from=alpine /bin/sh /bin/sh\nRUN printf 'a:x:1:1::/:' > /etc/passwd && adduser -D -u 5 b\n",
		);
		assert.equal(files.get('/etc/passwd')?.content, 'a:x:1:1::/:\nb:x:5:5::/home/b:/bin/sh\n');
	});
});

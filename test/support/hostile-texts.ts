/** Files that were written to do harm to whoever shows what is said of them. */

/** The host that hostile text names. Nothing may ask for it. */
export const HOSTILE_HOST = 'evil.example';

/** An image of that host, as Markdown and as HTML have it. */
export const IMAGE = `![](https://${HOSTILE_HOST}/u.png)`;
/** The same on both sides of a backtick: one of them is no part of any code that backticks around it make. */
const TICKED = `${IMAGE}\`${IMAGE}`;
const PICTURE = `<img src="https://${HOSTILE_HOST}/i.png">`;

/** A Dockerfile whose every word is one that a hover or a message shows. */
export const HOSTILE_DOCKERFILE = `FROM golang:1.22 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /${PICTURE.replaceAll(' ', '')} .
FROM scratch AS user
USER ${IMAGE}
FROM scratch
COPY --from=build /${IMAGE} /app/${IMAGE}
COPY --from=build /${TICKED} /app/${TICKED}
COPY --from=${TICKED} /x /y
COPY --from=build /${PICTURE.replaceAll(' ', '')} /app/x
ENV TZ=${IMAGE}
USER ${TICKED}
ENTRYPOINT ["/app/${TICKED}", "${IMAGE}"]
`;

export const HOSTILE_PROGRAM = `package main

import (
	"net/http"
	"os"
	"os/exec"
	"time"
)

func main() {
	http.Get("https://example.com/")
	time.LoadLocation("${IMAGE}")
	os.Open("${TICKED}")
	os.Open("nl\\nRUN id")
	os.Open("\\r\\x1b[2K\\x1b]52;c;eA==\\a")
	os.WriteFile("/data/$(id)/x", nil, 0o600)
	os.MkdirAll("/var/a;id", 0o755)
	exec.Command("${TICKED}").Run()
	exec.Command("::error::forged\\n::error::forged").Run()
	http.ListenAndServe("localhost:\\r\\n::error::forged", nil)
}
`;

export const HOSTILE_GO_MOD = `module example.com/app

go 1.22

require evil.example/${'m'.repeat(20)} v1.0.0
`;

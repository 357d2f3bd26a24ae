/** Why a program or Dockerfile of docs/programs.md goes as it does, where its words do not tell: by repository, and package or path. */
export const explanations: ReadonlyMap<string, string> = new Map([
	[
		'jesseduffield/lazydocker github.com/jesseduffield/lazydocker',
		'It needs a terminal: without TERM its library runs infocmp, which also fails outside.',
	],
	[
		'CatchZeng/dingtalk github.com/CatchZeng/dingtalk',
		'go mod download requires every module of go.mod, and the module proxy here refuses bou.ke/monkey, which only tests import.',
	],
	[
		'KittyBot-Org/KittyBotGo github.com/KittyBot-Org/KittyBotGo/cmd/backend',
		'go mod download requires every module of go.mod, and the module proxy here refuses disgolink, which only another program imports.',
	],
	['KittyBot-Org/KittyBotGo cmd/backend/Dockerfile', 'The module proxy here refuses disgolink, which only another program imports.'],
	[
		'WangYihang/Proxy-Verifier github.com/WangYihang/Proxy-Verifier/cmd/downloader',
		'Without a network it waits for ever, which the runtime sees, and ends it, in a program without cgo.',
	],
	['DUALSTACKS/gitea-config-wave Dockerfile.goreleaser', 'It copies what the release builds beforehand.'],
	['mikahozz/gohome cmd/api/Dockerfile', 'It copies a .env that the repository does not have.'],
	['0x30c4/GhostBin Dockerfile', 'It installs a module that the module proxy here refuses.'],
	['0xvbetsun/rmq-dynamic-clients build/client.Dockerfile', 'It is meant to be started with a directory that the compose file mounts.'],
	['SilverSky9/DevToolNo1 backend/Dockerfile', 'It runs go get outside a module, which the Go that stands for its own refuses.'],
	['hashicorp/http-echo Dockerfile', 'It copies what the release builds beforehand.'],
	['jwilder/dockerize Dockerfile.goreleaser', 'It copies what the release builds beforehand.'],
	['prometheus/node_exporter Dockerfile.distroless', 'It copies what the release builds beforehand.'],
	['dapr/samples dapr-apim-integration/src/grpc-echo-service/Dockerfile', 'go.sum lacks modules; a plain go build fails too.'],
	['dapr/samples dapr-apim-integration/src/http-event-subscriber/Dockerfile', 'go.sum lacks modules; a plain go build fails too.'],
]);

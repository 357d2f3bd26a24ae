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
	['hashicorp/http-echo Dockerfile', 'It copies what the release builds beforehand.'],
	['jwilder/dockerize Dockerfile.goreleaser', 'It copies what the release builds beforehand.'],
	['prometheus/node_exporter Dockerfile.distroless', 'It copies what the release builds beforehand.'],
	['dapr/samples dapr-apim-integration/src/grpc-echo-service/Dockerfile', 'go.sum lacks modules; a plain go build fails too.'],
	['dapr/samples dapr-apim-integration/src/http-event-subscriber/Dockerfile', 'go.sum lacks modules; a plain go build fails too.'],
]);

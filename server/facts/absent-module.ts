import type { RanCommand, StageState } from '../image/model.ts';
import { flagOf } from '../image/shell/go-environment.ts';
import { rootOf } from '../image/stage-chain.ts';
import { SINCE_GO } from '../knowledge/go-releases.ts';
import { ancestors, join } from '../workspace/paths.ts';

/** Go commands that run where no go.mod reaches. */

/** Whether the Go of the image requires a module; of a tag that names an old distribution alone that is not known. */
export function requiresModule(state: StageState): boolean {
	const { base, imageReference } = rootOf(state);
	if (base?.go === undefined) return false;
	if (base.go.minor !== undefined) return base.go.minor >= SINCE_GO.moduleRequired;
	const tag = /^[^:]*:(.*)$/s.exec(/(?<![^@/])[^@/]*$/.exec(imageReference ?? '')?.[0] ?? '')?.[1] ?? '';
	return base.go.hasGolangTags && /^(?:(?:latest|\d+)(?:-alpine)?|alpine)?$/.test(tag);
}

/** Whether no go.mod or go.work is in the directory or above it, and nothing else stands for one. */
export function isWithoutModule(command: RanCommand, directory: string): boolean {
	const setting = command.goEnvironment.get('GO111MODULE');
	if ((setting !== undefined && setting.value !== 'on') || command.goEnvironment.get('GOWORK') !== undefined) return false;
	if (flagOf(command, 'modfile') !== undefined) return false;
	return [...ancestors(directory)].every((each) => ['go.mod', 'go.work'].every((name) => command.files.has(join(each, name)) === 'no'));
}

/**
 * The path by which tables name a package: that of its repository where the import path is one of gopkg.in, which redirects by a rule
 * (https://labix.org/gopkg.in), or of a module that has moved.
 */
export function pathInTables(importPath: string): string {
	const versioned = /^gopkg\.in\/(?:([\w-]+)\/)?([\w.-]+)\.v\d+(?:-unstable)?((?:\/.*)?)$/.exec(importPath);
	if (versioned !== null) return `github.com/${versioned[1] ?? `go-${versioned[2]}`}/${versioned[2]}${versioned[3]}`;
	return importPath.replace(/^github\.com\/jinzhu\/gorm\/dialects\//, 'gorm.io/driver/');
}

/** Whether an import path is that of the module, or of a package of it, by whichever path it goes. */
export function belongsTo(importPath: string, module: string): boolean {
	const isWithin = (path: string) => path === module || path.startsWith(`${module}/`);
	return isWithin(importPath) || isWithin(pathInTables(importPath));
}

/** The names of packages that are not those of their paths, for modules that are not on disk. */
const PACKAGE_NAMES: readonly (readonly [module: string, name: string])[] = [
	['github.com/go-telegram-bot-api/telegram-bot-api', 'tgbotapi'],
	['github.com/anthropics/anthropic-sdk-go', 'anthropic'],
	['gitlab.com/gitlab-org/api/client-go', 'gitlab'],
	['github.com/eclipse/paho.mqtt.golang', 'mqtt'],
];

/** The name of a package where it is not that of its path. */
export function knownPackageName(importPath: string): string | undefined {
	const path = pathInTables(importPath).replace(/\/v\d+$/, '');
	return PACKAGE_NAMES.find(([module]) => module === path)?.[1];
}

import { belongsTo } from '../../../knowledge/import-paths.ts';
import { ADDRESSED_MODULES } from '../../../knowledge/known-addresses.ts';
import { isStandardPackage } from '../../standard-library.ts';
import type { Sighting } from '../read/scan.ts';
import { PLAIN } from './certificate-roots.ts';
import { packageOf } from './judgement.ts';

/** What a text of the workspace's own code requires of the driver that it is for. */
export interface TextNeed {
	readonly paths: readonly string[];
	/** What is quoted of the text, which may hold a password. */
	readonly symbol: string;
}

/** The drivers that verify TLS where the text is their address. */
export function driversThatVerify({ name: text, into }: Sighting): readonly TextNeed[] {
	const found: TextNeed[] = [];
	for (const { paths, title, asks, unless, handed } of ADDRESSED_MODULES) {
		const match = asks.exec(text);
		if (match === null || PLAIN.test(text) || unless?.test(text) === true) continue;
		if (handed === true && !paths.some((path) => belongsTo(packageOf(into), path))) continue;
		found.push({ paths, symbol: `"${match[1] ?? match[2]}" (${title})` });
	}
	return found;
}

const AREA = '(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Europe|Indian|Mexico|Pacific|US)';

const ZONE = `${AREA}/[A-Z][A-Za-z_+-]+(?:/[A-Z][A-Za-z_-]+)?`;

const ZONE_ALONE = new RegExp(`^${ZONE}$`);

const ZONE_OF_SETTING = new RegExp(`(?:^|[?&\\s;'"])(?:loc|TimeZone|timezone|CRON_TZ|TZ)=(${ZONE})(?![\\w/])`);

/** The time zone that a text names: a setting of an address or of a schedule, or the whole of what is handed to a call. */
export function zoneIn({ name: text, into }: Sighting): string | undefined {
	// A standard function prints it, or compares it.
	if (ZONE_ALONE.test(text)) return into === '' || isStandardPackage(packageOf(into)) ? undefined : text;
	return ZONE_OF_SETTING.exec(text.replace(/%2F/gi, '/'))?.[1];
}

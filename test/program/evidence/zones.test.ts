import assert from 'node:assert/strict';
import { evidenceOf } from './programs.ts';

/** A dependency that loads the zone which it is handed. */
const LOADER = `
-- example.org/cron/cron.go --
package cron
import "time"
func Add(schedule string) { time.LoadLocation(schedule) }`;

/** A dependency that only mentions the function. */
const OTHER = `
-- example.org/cron/cron.go --
package cron
import "time"
// Add calls time.LoadLocation(schedule).
func Add(schedule string) { time.Now() }`;

const CASES: readonly (readonly [statement: string, zones: readonly string[]])[] = [
	['cron.Add("CRON_TZ=Asia/Tokyo 30 04 * * *")', ['Asia/Tokyo']],
	['cron.Add("TZ=America/New_York 0 6 * * ?")', ['America/New_York']],
	['cron.Add("u:p@tcp(db:3306)/app?parseTime=true&loc=Asia%2FShanghai")', ['Asia/Shanghai']],
	['cron.Add("host=db user=u TimeZone=Asia/Shanghai")', ['Asia/Shanghai']],
	['cron.Add("Europe/Berlin")', ['Europe/Berlin']],
	['cron.Add("America/Argentina/Buenos_Aires")', ['America/Argentina/Buenos_Aires']],
	['new(cron.Schedule).In("Europe/Berlin")', ['Europe/Berlin']],
	['cron.Add("u:p@tcp(db:3306)/app?loc=UTC"); cron.Add("TZ=Local 0 6 * * ?")', []],
	['cron.Add("0 6 * * ?"); zone := "Europe/Berlin"; _ = zone', []],
	['cron.Add("0 6 * * ?"); print("Europe/Berlin is far")', []],
	['cron.Add("0 6 * * ?"); fmt.Println("Europe/Berlin")', []],
	['cron.Add("US/states.json"); cron.Add("Europe/berlin")', []],
];

describe('evidence of time zones in texts', () => {
	for (const [statement, zones] of CASES) {
		it(`${zones.length === 0 ? 'none' : zones.join(' ')} in ${statement}`, async () => {
			const program = `import "example.org/cron"\nimport "fmt"\nfunc main() { ${statement} }`;
			assert.deepEqual(await zonesOf(program + LOADER), zones);
			assert.deepEqual(await zonesOf(program + OTHER), [], 'where nothing loads zones');
		});
	}

	it('counts a driver that is not on disk', async () => {
		const program = (driver: string) =>
			`import "database/sql"\nimport _ "${driver}"\nfunc main() { sql.Open("mysql", "u@/app?loc=Asia%2FTokyo") }`;
		assert.deepEqual(await zonesOf(program('github.com/go-sql-driver/mysql')), ['Asia/Tokyo']);
		assert.deepEqual(await zonesOf(program('example.org/driver')), []);
	});

	it('counts what a dependency of a dependency loads', async () => {
		const between = `import "example.org/jobs"\nfunc main() { jobs.Add("CRON_TZ=Asia/Tokyo 1 1 * * *") }
-- example.org/jobs/jobs.go --
package jobs
import "example.org/cron"
func Add(schedule string) { cron.Add(schedule) }`;
		assert.deepEqual(await zonesOf(between + LOADER), ['Asia/Tokyo']);
	});
});

async function zonesOf(program: string): Promise<(string | undefined)[]> {
	const { evidence } = await evidenceOf(program);
	// What a dependency loads by a name that is not constant says nothing of this program.
	return evidence.filter(({ need, own }) => need === 'zone-data' && own).map(({ detail }) => detail);
}

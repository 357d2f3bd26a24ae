import assert from 'node:assert/strict';
import { belongsTo, knownPackageName, pathInTables } from '../../server/knowledge/import-paths.ts';

describe('import paths', () => {
	it('finds the repository behind a path of gopkg.in', () => {
		assert.equal(pathInTables('gopkg.in/telegram-bot-api.v4'), 'github.com/go-telegram-bot-api/telegram-bot-api');
		assert.equal(pathInTables('gopkg.in/gographics/imagick.v3/imagick'), 'github.com/gographics/imagick/imagick');
		assert.equal(pathInTables('gopkg.in/src-d/go-git.v4/plumbing/transport'), 'github.com/src-d/go-git/plumbing/transport');
		assert.equal(pathInTables('gopkg.in/yaml.v3-unstable'), 'github.com/go-yaml/yaml');
	});

	it('finds where a module has moved', () => {
		assert.equal(pathInTables('github.com/jinzhu/gorm/dialects/sqlite'), 'gorm.io/driver/sqlite');
		assert.equal(pathInTables('github.com/jinzhu/gorm'), 'github.com/jinzhu/gorm');
	});

	it('takes a path by its whole names', () => {
		assert.equal(belongsTo('gopkg.in/redis.v5', 'github.com/go-redis/redis'), true);
		assert.equal(belongsTo('github.com/go-redis/redis/v8', 'github.com/go-redis/redis'), true);
		assert.equal(belongsTo('github.com/go-redis/redismock', 'github.com/go-redis/redis'), false);
		assert.equal(belongsTo('gopkg.in/yaml.v3', 'gopkg.in/yaml.v3'), true);
	});

	it('knows names of packages that are not those of their paths', () => {
		assert.equal(knownPackageName('gopkg.in/telegram-bot-api.v4'), 'tgbotapi');
		assert.equal(knownPackageName('github.com/go-telegram-bot-api/telegram-bot-api/v5'), 'tgbotapi');
		assert.equal(knownPackageName('github.com/go-telegram-bot-api/telegram-bot-api/v5/other'), undefined);
	});
});

/** Drivers and clients whose address says whether they speak TLS that is verified with the roots of the system. */
export interface AddressedModule {
	/** Import paths, or what they begin with up to a slash. */
	readonly paths: readonly string[];
	/** How a person calls it. */
	readonly title: string;
	/** What in an address requires verified TLS; its first group is what a message quotes. */
	readonly asks: RegExp;
	/** What in the same address takes that back: roots of its own, or none that count. */
	readonly unless?: RegExp;
	/** Whether the address counts only where it is handed to the module itself. */
	readonly handed?: true;
}

const split = (paths: string) => paths.split(' ');

/** The schemes and settings are those of each module's documentation. */
export const ADDRESSED_MODULES: readonly AddressedModule[] = [
	{
		title: 'Redis client',
		paths: split(
			'github.com/redis/go-redis github.com/go-redis/redis github.com/gomodule/redigo github.com/redis/rueidis github.com/mediocregopher/radix',
		),
		asks: /^(rediss:\/\/)./,
		unless: /[?&]skip_verify=true/,
	},
	{
		title: 'Postgres driver',
		paths: split(
			'github.com/lib/pq github.com/jackc/pgx github.com/go-pg/pg gorm.io/driver/postgres github.com/uptrace/bun/driver/pgdriver',
		),
		asks: /\b(sslmode=verify-(?:ca|full))\b/,
		unless: /\bsslrootcert=(?!system\b)/,
	},
	{
		title: 'MySQL driver',
		paths: split('github.com/go-sql-driver/mysql gorm.io/driver/mysql'),
		asks: /[?&](tls=true)\b/,
	},
	{
		title: 'MongoDB driver',
		paths: split('go.mongodb.org/mongo-driver github.com/globalsign/mgo github.com/go-mgo/mgo'),
		asks: /^(mongodb\+srv:\/\/).|^mongodb:\/\/\S*[?&]((?:tls|ssl)=true)\b/,
		unless: /[?&](?:(?:tls|ssl)=false|tlsInsecure=true|tlsCAFile=|sslCertificateAuthorityFile=)/i,
	},
	{
		title: 'AMQP client',
		paths: split('github.com/rabbitmq/amqp091-go github.com/streadway/amqp github.com/Azure/go-amqp'),
		asks: /^(amqps:\/\/)./,
		unless: /[?&]cacertfile=/,
	},
	{ title: 'LDAP client', paths: ['github.com/go-ldap/ldap'], asks: /^(ldaps:\/\/)./ },
	{ title: 'NATS client', paths: split('github.com/nats-io/nats.go github.com/nats-io/go-nats'), asks: /^(tls:\/\/)./ },
	{
		title: 'MQTT client',
		paths: split('github.com/eclipse/paho.mqtt.golang github.com/eclipse/paho.golang'),
		asks: /^((?:ssl|tls|mqtts|mqtt\+ssl|tcps|wss):\/\/)./,
	},
	{
		title: 'SQL Server driver',
		paths: split('github.com/microsoft/go-mssqldb github.com/denisenkom/go-mssqldb gorm.io/driver/sqlserver'),
		asks: /\b(encrypt=(?:true|mandatory|strict|yes|1|t))\b/i,
		unless: /\b(?:trustservercertificate=(?:true|1|t)|certificate=)/i,
	},
	{
		title: 'ClickHouse client',
		paths: split('github.com/ClickHouse/clickhouse-go gorm.io/driver/clickhouse'),
		asks: /[?&](secure=true)\b/,
		unless: /[?&]skip_verify=true/,
	},
	{
		title: 'client of an HTTP API',
		paths: split(
			'github.com/elastic/go-elasticsearch github.com/olivere/elastic github.com/opensearch-project/opensearch-go ' +
				'github.com/influxdata/influxdb-client-go github.com/hashicorp/vault/api github.com/hashicorp/consul/api ' +
				'go.etcd.io/etcd/client github.com/meilisearch/meilisearch-go github.com/go-resty/resty github.com/imroc/req',
		),
		asks: /^(https:\/\/)./,
		handed: true,
	},
];

/** Modules that load the time zones which a setting or an argument names, for programs whose modules are not on disk. */
export const ZONE_LOADERS: readonly string[] = split(
	'github.com/go-sql-driver/mysql gorm.io/driver/mysql gorm.io/driver/postgres github.com/robfig/cron github.com/go-co-op/gocron ' +
		'github.com/golang-module/carbon github.com/dromara/carbon',
);

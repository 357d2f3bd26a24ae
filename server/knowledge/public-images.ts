/** Names of images that projects run beside their own, and that none of them builds. */

/** Official images, as Docker Hub lists them: https://github.com/docker-library/official-images/tree/master/library. Those that Go projects deploy. */
const OFFICIAL = new Set(
	`adminer alpine amazonlinux busybox caddy cassandra chronograf clickhouse consul couchbase couchdb debian docker elasticsearch emqx
	fedora fluentd golang grafana haproxy httpd influxdb kibana kong logstash mariadb memcached mongo mongo-express mosquitto mysql nats
	neo4j nginx node openjdk percona php postgres python rabbitmq redis registry rethinkdb ruby rust solr sonarqube swift telegraf tomcat
	traefik ubuntu unit valkey varnish vault wordpress zookeeper`.split(/\s+/),
);

/** Registries and owners that publish for everyone. */
const PUBLISHERS = new Set(
	`registry.k8s.io k8s.gcr.io mcr.microsoft.com docker.elastic.co public.ecr.aws container-registry.oracle.com registry.access.redhat.com
	registry.redhat.io cgr.dev nvcr.io gcr.io/distroless gcr.io/kubebuilder gcr.io/google-containers gcr.io/google_containers
	gcr.io/google-samples gcr.io/cloud-builders gcr.io/kaniko-project gcr.io/cloudsql-docker gcr.io/cloud-sql-connectors quay.io/prometheus
	quay.io/brancz quay.io/coreos quay.io/jetstack quay.io/keycloak quay.io/minio quay.io/openshift quay.io/cilium quay.io/metallb
	quay.io/argoproj quay.io/thanos quay.io/kiwigrid quay.io/strimzi quay.io/operator-framework quay.io/operatorhubio ghcr.io/fluxcd
	ghcr.io/linkerd ghcr.io/open-telemetry ghcr.io/dexidp bitnami bitnamilegacy grafana prom jaegertracing otel minio confluentinc hashicorp
	envoyproxy istio cilium rancher kindest fluxcd argoproj apache openzipkin wiremock localstack nicolaka curlimages dpage provectuslabs
	oliver006 prometheuscommunity cockroachdb timescale mcp vectorim natsio redis dgraph ory temporalio hazelcast cloudflare newrelic
	datadog amazon google mailhog axllent alpine busybox fluent library kubernetesui weaveworks linuxserver tecnativa traefik`.split(/\s+/),
);

/** Whether the image, named with or without a tag, is surely one that others publish; what is not known is not. */
export function isPublicImage(name: string): boolean {
	const [first = '', second = '', ...rest] = name
		.replace(/^(?:index\.)?docker\.io\//, '')
		.replace(/@.*$/s, '')
		.replace(/:[^/:]*$/, '')
		.split('/');
	if (second === '') return OFFICIAL.has(first);
	if (first === 'library' && rest.length === 0) return OFFICIAL.has(second);
	return PUBLISHERS.has(first) || PUBLISHERS.has(`${first}/${second}`);
}

/** The public API of Dockwright; nothing else is exported. */
export { DockerEngine, type DockerEngineArgs, type Segment } from "./platform/docker-engine";
export type { ServiceTransforms } from "./platform/service-resources";
export type { Transform } from "./platform/transform";
export type { Bindable, Binding, Consumer } from "./secrets/binding";
export { GivenSecret, type GivenSecretArgs } from "./secrets/given-secret";
export { JwtKeys, type JwtKeysArgs } from "./secrets/jwt-keys";
export { Backend } from "./services/backend";
export type { HttpServiceArgs } from "./services/http-service";
export { describeServices, type ServiceSummary } from "./services/describe-services";
export { Frontend } from "./services/frontend";
export { Kafka, type KafkaArgs } from "./services/kafka";
export { Migration, type MigrationArgs } from "./services/migration";
export { Nginx, type NginxArgs } from "./services/nginx";
export { Postgres, type PostgresArgs } from "./services/postgres";
export { Redis, type RedisArgs } from "./services/redis";
export { Worker, type WorkerArgs } from "./services/worker";
export * from "./settings";

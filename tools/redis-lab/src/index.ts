export { attachLab } from './attach-lab.js'
export type { MigrateOptions, MigrationPhase, MigrationStep } from './cluster/migrate-slots.js'
export { slotOf } from './cluster/slot-of.js'
export { SERVER_VARIABLE, ensureRedisServer } from './ensure-redis-server.js'
export type {
  ClusterFacts,
  LabFacts,
  NodeFacts,
  NodeRole,
  SentinelFacts,
  StandaloneFacts,
  StandaloneTlsFacts,
  TopologyKind,
} from './facts.js'
export { findServerSince } from './find-server-since.js'
export { labFacts } from './lab-handle.js'
export type { StartLabOptions } from './lab-options.js'
export type {
  ClusterLab,
  FactsOf,
  Lab,
  LabNode,
  LabOf,
  RestartOptions,
  SentinelLab,
  StandaloneLab,
  StandaloneTlsLab,
} from './lab.js'
export { type CommandArgument, RedisReplyError, type Reply } from './resp.js'
export { namespacesWork } from './namespaces.js'
export { replicasInStep } from './readiness.js'
export { ServerStartError } from './server-process.js'
export { TOPOLOGY_KINDS, startLab } from './start-lab.js'
export {
  type CertificateFiles,
  type CertificateFlaw,
  makeCertificates,
  makeServerCertificate,
} from './tls/certificates.js'
export { type WaitLimits, waitFor } from './wait-for.js'

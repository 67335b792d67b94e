export { attachLab } from './attach-lab.js'
export type { MigrateOptions, MigrationPhase, MigrationStep } from './cluster/migrate-slots.js'
export { slotOf } from './cluster/slot-of.js'
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
export { fetchServer } from './fetch/fetch-server.js'
export { labFacts } from './lab-handle.js'
export type { FailoverPace, StartLabOptions } from './lab-options.js'
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
export { SERVER_VARIABLE, chooseServer, ensureRedisServer } from './servers/choose-server.js'
export { findServerSince } from './servers/find-server-since.js'
export type { KnownServerName } from './servers/known-servers.js'
export type { Server } from './servers/server.js'
export { TOPOLOGY_KINDS, startLab } from './start-lab.js'
export {
  type CertificateFiles,
  type CertificateFlaw,
  makeCertificates,
  makeServerCertificate,
} from './tls/certificates.js'
export { type WaitLimits, waitFor } from './wait-for.js'

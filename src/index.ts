// The public API: what other people's tests and tools may build on.

export { StartError, UsageError } from './base/errors.js'
export { freshSeed } from './base/random.js'
export type { Codec, Peek, Template } from './codec/codec.js'
export type { Dialect, FieldDefinition, MessageDefinition } from './codec/dialect.js'
export { builtInDialects } from './codec/dialects/index.js'
export type { Fields, FieldValue, Message, Verbatim } from './codec/message.js'
export { PackError } from './codec/pack-error.js'
export { UnpackError } from './codec/unpack-error.js'
export type { ToxicInput, ToxicType } from './control/toxic.js'
export { CryptoError } from './crypto/crypto-error.js'
export { FrameError } from './framing/frame-error.js'
export type { Result } from './measure/result.js'
export type { Sample } from './measure/sample.js'
export {
  compileChecked as compile,
  dialectByName as builtInDialect,
  dialectOfFile as readDialect,
} from './run/library/checked-codec.js'
export {
  type LibraryHost,
  type LibraryHostOptions,
  type MessageMatch,
  startLibraryHost as startAcquirer,
} from './run/library/library-host.js'
export {
  type LibraryProxyOptions as ProxyStart,
  startLibraryProxy as startProxy,
} from './run/library/library-proxy.js'
export {
  type LibrarySendOptions as SendOptions,
  readCheckedScenario as readScenario,
  runChecked as runScenario,
  sendChecked as sendMessage,
} from './run/library/library-run.js'
export type { Response } from './run/library/library-script.js'
export type { ControlStart, RunningProxy } from './run/proxy/start-proxy.js'
export type { RunOptions } from './run/run-options.js'
export type { Sent } from './run/send-message.js'
export type { TrafficChoice } from './run/traffic/open-traffic.js'
export type { Scenario } from './scenario/schema.js'
export type { StreamDirection } from './tap/tap.js'
export type { PassedMessage, TrafficEvent } from './tap/traffic.js'

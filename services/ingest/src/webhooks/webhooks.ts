// Outgoing notices as ingest runs them: the parts of this folder put together, in the order of a notice's way backwards:
// who may be sent to and how, who is, and who brings it.
import { lookup } from 'node:dns'
import type { Backbone } from '@ronda/backbone/backbone'
import type { Environment } from '@ronda/contracts/environment'
import { type DataDir, readOrMakeSecret } from '@ronda/runtime/data-dir'
import type { Logger } from '@ronda/runtime/log'
import { type AddressRules, type Resolve, urlProblem } from './addresses.ts'
import { type Dispatcher, createDispatcher } from './dispatcher.ts'
import { type Limits, defaultLimits } from './limits.ts'
import { type Post, createPost } from './post.ts'
import { type Receivers, createReceivers } from './receivers.ts'
import { resolveInTurn } from './resolving.ts'
import { type Secrets, createSecrets } from './secrets.ts'

/** Half of the threads that there are. */
const lookupsAtOnce = 2

export interface WebhooksDeps {
  env: Pick<Environment, 'RONDA_ALLOW_PLAINTEXT'>
  dataDir: DataDir
  backbone: Backbone
  /** ms UTC by the system's clock. */
  systemNow: () => number
  log: Logger
  limits?: Partial<Limits>
  /** The system's resolver of names, unless a test has another. */
  resolve?: Resolve
}

export interface Webhooks extends Pick<Dispatcher, 'run' | 'figures' | 'notices'> {
  receivers: Receivers
  secrets: Secrets
  post: Post
}

export function createWebhooks(deps: WebhooksDeps): Webhooks {
  const { env, dataDir, backbone, systemNow, log } = deps
  const limits: Limits = { ...defaultLimits, ...deps.limits }
  const { now } = dataDir.clock
  const rules: AddressRules = { plaintext: env.RONDA_ALLOW_PLAINTEXT }
  const resolve = resolveInTurn(deps.resolve ?? lookup, lookupsAtOnce)
  const secrets = createSecrets(readOrMakeSecret(dataDir.path, 'webhook-key'))
  const post = createPost({ rules, resolve, limits, systemNow })
  const receivers = createReceivers({
    backbone,
    secrets,
    urlProblem: (url) => urlProblem(url, rules, resolve),
    mostWaiting: limits.mostHeld + limits.mostDeadLetters,
    now,
    systemNow,
    onRedelivered: (uid) => dispatcher.reload(uid),
  })
  const dispatcher = createDispatcher({
    backbone,
    secrets,
    post,
    limits,
    now,
    timeScale: dataDir.clockSettings.scale,
    systemNow,
    disableGone: receivers.disableGone,
    log,
  })
  const { run, figures, notices } = dispatcher
  return { receivers, secrets, post, run, figures, notices }
}

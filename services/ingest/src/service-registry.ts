// The only writer of service principals: systems of others that may read along. A change is one commit of the row and
// of its entry of the audit trail.
import { createAuditedCommit } from '@ronda/access/audit'
import { firstIssue, nextIssue } from '@ronda/access/issued-token'
import { newToken } from '@ronda/access/secrets'
import type { Backbone, Row } from '@ronda/backbone/backbone'
import { AppError } from '@ronda/contracts/errors'
import {
  type NewServicePrincipal,
  ServicePrincipal,
  type ServicePrincipalPatch,
  type ServiceRow,
} from '@ronda/contracts/service-principal'

export interface ServiceWithToken {
  service: ServicePrincipal
  /** Told this once. */
  token: string
}

/** `by`: who asks, as the audit trail names them. All but `create` throw `not_found`. */
export interface ServiceRegistry {
  /** Throws `service_exists`, `validation_failed`. */
  create(service: NewServicePrincipal, by: string): Promise<ServiceWithToken>
  /** Throws `revision_conflict`, `validation_failed`. */
  update(id: string, patch: ServicePrincipalPatch, by: string): Promise<ServicePrincipal>
  /** Nothing else refers to it: its id may be used again. */
  remove(id: string, by: string): Promise<void>
  /** The old token goes on for `overlapS`, the one before it ends. */
  issueToken(id: string, overlapS: number, by: string): Promise<ServiceWithToken>
}

export interface ServiceRegistryDeps {
  backbone: Backbone
  /** Slug of the city: the only one whose topics can be read here. */
  city: string
  /** ms UTC of stamped time. */
  now: () => number
  /** ms UTC by the system's clock: the time of tokens. */
  systemNow: () => number
}

export function createServiceRegistry({ backbone, city, now, systemNow }: ServiceRegistryDeps): ServiceRegistry {
  const bucket = backbone.bucket('service-principals')
  const commitAudited = createAuditedCommit(backbone, now)

  function check({ filters }: Pick<ServicePrincipal, 'filters'>): void {
    const problems = filters
      .filter((filter) => !filter.startsWith(`${city}/`))
      .map((filter) => `filters: ${filter} is of another city, here it is ${city}`)
    if (problems.length > 0) throw new AppError('validation_failed', 'the service does not fit this city', { problems })
  }

  async function find(id: string): Promise<Row<ServiceRow>> {
    const row = await bucket.get(id)
    if (row === undefined) throw new AppError('not_found', `there is no service principal ${id}`)
    return row
  }

  /** `revision` is the one that the row has before: 0 where there is none. */
  async function commit(
    id: string,
    value: ServiceRow | undefined,
    revision: number,
    { by, did }: { by: string; did: string },
  ): Promise<void> {
    await commitAudited(
      { who: by, did, what: id },
      { writes: [{ bucket: 'service-principals', key: id, value, expectedRevision: revision }] },
    )
  }

  return {
    async create(stated, by) {
      check(stated)
      const { id } = stated
      if ((await bucket.get(id)) !== undefined) {
        throw new AppError('service_exists', `there is a service principal ${id}: change it, or choose another id`)
      }
      const token = newToken()
      const service: ServicePrincipal = { ...stated, revision: 1, createdAt: systemNow() }
      await commit(id, { ...firstIssue(token), service }, 0, { by, did: 'created a service principal' })
      return { service, token }
    },

    async update(id, { revision, expiresAt, ...patch }, by) {
      const row = await find(id)
      const { service } = row.value
      if (revision !== undefined && revision !== service.revision) {
        throw new AppError('revision_conflict', `the service ${id} has revision ${service.revision}, not ${revision}`)
      }
      const { expiresAt: expiredAt, ...rest } = service
      const expiry = expiresAt === undefined ? expiredAt : expiresAt
      const next = ServicePrincipal.parse({
        ...rest,
        ...patch,
        ...(expiry === undefined || expiry === null ? {} : { expiresAt: expiry }),
        revision: service.revision + 1,
      })
      check(next)
      await commit(id, { ...row.value, service: next }, row.revision, { by, did: 'changed a service principal' })
      return next
    },

    async remove(id, by) {
      const { revision } = await find(id)
      await commit(id, undefined, revision, { by, did: 'removed a service principal' })
    },

    async issueToken(id, overlapS, by) {
      const { value, revision } = await find(id)
      const token = newToken()
      const service = { ...value.service, revision: value.service.revision + 1 }
      const issued = nextIssue(value, token, overlapS, systemNow())
      await commit(id, { ...issued, service }, revision, { by, did: 'issued a token to a service principal' })
      return { service, token }
    },
  }
}

// Values by topic filter, found by topic. Nearly all filters name one topic, and of those a map knows; only the
// few with wildcards are walked.
import { Qlobber } from 'qlobber'

export interface TopicIndex<T> {
  add(filter: string, value: T): void
  remove(filter: string, value: T): void
  /** The values of all filters that match; a value that two of them share comes twice. Not to be kept. */
  match(topic: string): readonly T[]
}

// As MQTT has it [MQTT-4.7.1-3]: an empty level is a level.
const wildcards = { separator: '/', wildcard_one: '+', wildcard_some: '#', match_empty_levels: true }

export function createTopicIndex<T>(): TopicIndex<T> {
  const literal = new Map<string, T[]>()
  const wild = new Qlobber<T>(wildcards)
  let wildFilters = 0

  return {
    add(filter, value) {
      if (hasWildcard(filter)) {
        wild.add(filter, value)
        wildFilters++
        return
      }
      const values = literal.get(filter)
      if (values === undefined) literal.set(filter, [value])
      else values.push(value)
    },
    remove(filter, value) {
      if (hasWildcard(filter)) {
        wild.remove(filter, value)
        wildFilters--
        return
      }
      const left = literal.get(filter)?.filter((each) => each !== value) ?? []
      if (left.length > 0) literal.set(filter, left)
      else literal.delete(filter)
    },
    match(topic) {
      const exact = literal.get(topic) ?? []
      return wildFilters === 0 ? exact : [...exact, ...wild.match(topic)]
    },
  }
}

export function hasWildcard(filter: string): boolean {
  return filter.includes('+') || filter.includes('#')
}

// In which order rows stand. What is held back asks for nothing now and comes last; the id makes every order total.
import type { Fault } from '@ronda/contracts/fault'
import { dueOf } from './due.ts'
import { type Order, rankOf } from './view.ts'

type Compare = (a: Fault, b: Fault) => number

const byHold: Compare = (a, b) => Number(a.shelvedUntil !== undefined) - Number(b.shelvedUntil !== undefined)
const byGravity: Compare = (a, b) => rankOf(a.severity) - rankOf(b.severity)
const byDelay: Compare = (a, b) => Number(b.overdue) - Number(a.overdue)
const byAge: Compare = (a, b) => b.raisedAt - a.raisedAt
const byId: Compare = (a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
/** What is due at no time comes after all that is. */
const byDue: Compare = (a, b) => (dueOf(a)?.at ?? Number.MAX_VALUE) - (dueOf(b)?.at ?? Number.MAX_VALUE)

const comparers: Readonly<Record<Order, readonly Compare[]>> = {
  severity: [byHold, byGravity, byDelay, byAge, byId],
  due: [byHold, byDue, byGravity, byAge, byId],
  age: [byHold, byAge, byGravity, byId],
}

export function compareBy(order: Order): Compare {
  return (a, b) => {
    for (const compare of comparers[order]) {
      const difference = compare(a, b)
      if (difference !== 0) return difference
    }
    return 0
  }
}

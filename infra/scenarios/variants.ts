// The same inputs through engines that lack something: what grouping, delays and shelving are worth to whoever has to
// answer. Rules are varied as data, shelving by leaving out the actions.
import { type Engine, type EngineCity, type Input, createEngine } from '@ronda/faults/engine'
import { type Rule, once } from '@ronda/faults/rules/rule'
import { type RuleSet, type Rulebook, createRulebook } from '@ronda/faults/rules/rulebook'

interface Variant {
  change: (rule: Rule) => Rule
  hears: (input: Input) => boolean
}

/** An engine and the inputs that it gets. */
export interface Listener {
  engine: Engine
  hears(input: Input): boolean
}

const everything = () => true
const asItIs = (rule: Rule): Rule => rule

function ungrouped({ causedBy: _causes, ...rule }: Rule): Rule {
  return rule
}

/** Presence and outages have no delay of their own: they take what finding them takes. */
function undelayed(rule: Rule): Rule {
  return rule.on === 'presence' || rule.on === 'outage' ? rule : { ...rule, raise: once, clear: once }
}

function isNoShelving(input: Input): boolean {
  return input.type !== 'action' || input.action.action !== 'shelve'
}

const variants: Readonly<Record<string, Variant>> = {
  'as it is': { change: asItIs, hears: everything },
  'no grouping': { change: ungrouped, hears: everything },
  'no delays': { change: undelayed, hears: everything },
  'no shelving': { change: asItIs, hears: isNoShelving },
  'none of them': { change: (rule) => ungrouped(undelayed(rule)), hears: isNoShelving },
}

/** By what they lack. */
export function createListeners(city: EngineCity, epoch: string): Map<string, Listener> {
  return new Map(
    Object.entries(variants).map(([title, { change, hears }]) => {
      const rulebook = varied(createRulebook(city.rules), change)
      return [title, { engine: createEngine({ city, epoch, rulebook }), hears }]
    }),
  )
}

function varied(rulebook: Rulebook, change: (rule: Rule) => Rule): Rulebook {
  const sets = new Map<RuleSet, RuleSet>()
  return {
    of(device) {
      const set = rulebook.of(device)
      let changed = sets.get(set)
      if (changed === undefined) sets.set(set, (changed = variedSet(set, change)))
      return changed
    },
  }
}

function variedSet(set: RuleSet, change: (rule: Rule) => Rule): RuleSet {
  return {
    kind: set.kind,
    report: set.report.map(change),
    measured: set.measured.map(change),
    message: set.message.map(change),
    presence: set.presence.map(change),
    outage: set.outage.map(change),
    has: set.has,
    of: (code) => change(set.of(code)),
    isOff: set.isOff,
  }
}

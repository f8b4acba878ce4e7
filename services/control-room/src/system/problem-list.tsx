// What is wrong with Ronda itself, each with what to do; one quiet line when nothing is.
import type { SystemState } from '@ronda/contracts/system'
import { useText } from '../context.tsx'
import type { Text } from '../text/en.ts'
import { type Figures, useFigures } from './figures.ts'
import { type Problem, problemsOf } from './problems.ts'

export function ProblemList({ system }: { system: SystemState }) {
  const { system: words } = useText()
  const figures = useFigures()
  const problems = problemsOf(system)
  if (problems.length === 0) {
    return (
      <p className="system-well" role="status">
        {words.well}
      </p>
    )
  }
  return (
    <div className="system-alert" role="alert">
      <ul className="system-problems" aria-label={words.problems}>
        {problems.map((problem) => (
          <li key={`${problem.kind} ${nameIn(problem, words)}`} className="system-problem">
            <h3>{titleOf(problem, words, figures)}</h3>
            <p>{words.advice[problem.kind]}</p>
            {problem.detail !== undefined && <p className="system-detail">{problem.detail}</p>}
          </li>
        ))}
      </ul>
    </div>
  )
}

type Words = Text['system']

function nameIn(problem: Problem, words: Words): string {
  if ('service' in problem) return words.name[problem.service]
  return 'reader' in problem ? words.reader[problem.reader] : ''
}

function titleOf(problem: Problem, words: Words, figures: Figures): string {
  if (problem.kind === 'ledger-unbalanced') return words.problem[problem.kind](figures.count(problem.by))
  return words.problem[problem.kind](nameIn(problem, words))
}

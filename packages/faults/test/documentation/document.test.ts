// What is told of the rules: each has its section and a picture of a life in which it was raised and cleared.
import { describe, expect, it } from 'vitest'
import { rules } from '../../src/rules/table.ts'
import { faultDocuments } from './document.ts'

const documents = faultDocuments()
const page = documents.get('docs/faults.md') ?? ''
const pictures = [...documents].filter(([path]) => path.endsWith('.svg'))

describe('docs/faults.md', () => {
  it.each([...rules.map(({ code }) => code), 'vendor:CODE'])('has a section of %s and its picture', (code) => {
    expect(page).toContain(`\n## ${code}\n`)
    const [, path] = new RegExp(`!\\[${code} over time\\]\\((\\S+)\\)`).exec(page) ?? []
    expect(documents.has(`docs/${path}`)).toBe(true)
  })

  it('leaves no limit without its value', () => {
    expect(page).not.toMatch(/undefined|NaN|\{\w+\}/)
  })
})

describe.each(pictures)('%s', (_path, picture) => {
  it('shows a fault that is raised and cleared, on a page of any colour, in a few KB', () => {
    expect(picture).toMatch(/class="(active|critical)"/)
    expect(picture).not.toMatch(/undefined|NaN|Infinity|<image|href=/)
    expect(picture).toContain('prefers-color-scheme:dark')
    expect(picture.length).toBeLessThan(8_000)
  })
})

// Reads a city's profile folder: city.json and the districts it names.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type City, CityProfile, DistrictCollection } from '@ronda/contracts/city'
import { AppError } from '@ronda/contracts/errors'
import type { z } from 'zod'

/** What a service knows to be wrong with the content of `city.json` beyond its form, which may be wrong too. */
export type ProblemsOf = (content: Readonly<Record<string, unknown>>) => readonly string[]

/** Throws `city_profile_invalid` with every problem. */
export function readCity(folder: string, problemsOf?: ProblemsOf): City {
  const dir = resolve(folder)
  const profile = readAs(join(dir, 'city.json'), CityProfile, problemsOf)
  const districts = readAs(join(dir, profile.districts), DistrictCollection)
  return { profile, districts }
}

function readAs<S extends z.ZodType>(file: string, schema: S, problemsOf: ProblemsOf = () => []): z.output<S> {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new AppError('city_profile_invalid', `cannot read ${file}: ${why}; RONDA_CITY names the profile's folder`, {
      cause,
    })
  }
  const result = schema.safeParse(content)
  const more = isObject(content) ? problemsOf(content) : []
  if (result.success && more.length === 0) return result.data
  const issues = result.error?.issues ?? []
  const problems = [...issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`), ...more]
  throw new AppError('city_profile_invalid', `${file} is not valid`, { problems })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

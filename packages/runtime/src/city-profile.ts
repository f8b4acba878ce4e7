// Reads a city's profile folder: city.json and the districts it names.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type City, CityProfile, DistrictCollection } from '@ronda/contracts/city'
import { AppError } from '@ronda/contracts/errors'
import type { z } from 'zod'

export function readCity(folder: string): City {
  const dir = resolve(folder)
  const profile = readAs(join(dir, 'city.json'), CityProfile)
  const districts = readAs(join(dir, profile.districts), DistrictCollection)
  return { profile, districts }
}

function readAs<S extends z.ZodType>(file: string, schema: S): z.output<S> {
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
  if (result.success) return result.data
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`)
  throw new AppError('city_profile_invalid', `${file} is not valid`, { problems })
}

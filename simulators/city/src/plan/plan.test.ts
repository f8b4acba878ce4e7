import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { NewDevice } from '@ronda/contracts/device'
import { readCity } from '@ronda/runtime/city-profile'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { distanceM, readDistricts } from './district.ts'
import { planCity } from './plan.ts'

const cities = join(import.meta.dirname, '../../../../infra/cities')
const folders = readdirSync(cities, { withFileTypes: true }).filter((entry) => entry.isDirectory())

describe.each(folders.map(({ name }) => name))('the city in infra/cities/%s', (folder) => {
  const city = readCity(join(cities, folder))
  const districts = new Map(readDistricts(city.districts).map((district) => [district.slug, district]))
  const plan = (devices: number, seed = 1) => planCity({ city, devices, seed, intervalS: 20 })

  test('has a profile that fits its folder and its districts', () => {
    expect(city.profile.slug).toBe(folder)
    expect(districts.size).toBe(city.districts.features.length)
    const mislabelled = city.districts.features.filter(({ properties: { slug, labelPoint } }) => {
      const [longitude = 0, latitude = 0] = labelPoint ?? []
      return districts.get(slug)?.contains({ longitude, latitude }) !== true
    })
    expect(mislabelled).toEqual([])
    const { latitude, longitude } = city.profile.centre
    expect([...districts.values()].some((district) => district.contains({ latitude, longitude }))).toBe(true)
  })

  test('can be planned at any size and seed: exact, valid, unique, inside its districts, referring to what came before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 0 }), (devices, seed) => {
        const planned = plan(devices, seed)
        expect(planned).toHaveLength(devices)
        const place = new Map(planned.map(({ id }, index) => [id, index]))
        expect(place.size).toBe(devices)
        const comesBefore = (id: string | undefined, index: number) =>
          id === undefined || (place.get(id) ?? index) < index
        const misplaced = planned.filter(
          (device, index) =>
            districts.get(device.district)?.contains(device) !== true ||
            !comesBefore(device.cabinet, index) ||
            !comesBefore(device.gateway, index),
        )
        expect(misplaced).toEqual([])
        expect(isDeepStrictEqual(z.array(NewDevice).parse(planned), planned)).toBe(true)
        expect(new Set(planned.map(({ name }) => name)).size).toBe(devices)
      }),
      { numRuns: 15 },
    )
  })

  test('gives every kind to an agency', () => {
    expect(plan(300).filter(({ agency }) => agency === undefined)).toEqual([])
  })

  test('is lit like a city: lamps behind cabinets of 20 to 40, three circuits, phases in balance, 30 to 40 m apart', () => {
    const planned = plan(5_000)
    const lamps = planned.filter(({ kind }) => kind === 'streetlight')
    expect(lamps.length / planned.length).toBeCloseTo(0.78, 2)
    const behind = Map.groupBy(lamps, ({ cabinet }) => cabinet)
    expect(behind.has(undefined)).toBe(false)
    const cabinets = planned.filter(({ kind }) => kind === 'cabinet')
    expect(behind.size).toBe(cabinets.length)
    const switched = lamps.filter(({ supply }) => supply === 'switched')
    expect(switched.length / lamps.length).toBeCloseTo(0.3, 1)
    expect(new Set(cabinets.map(({ supply }) => supply))).toEqual(new Set(['permanent']))
    for (const cabinet of cabinets) {
      const street = behind.get(cabinet.id) ?? []
      expect(street.length).toBeGreaterThanOrEqual(20)
      expect(street.length).toBeLessThanOrEqual(40)
      expect(new Set(street.map(({ circuit }) => circuit)).size).toBe(3)
      const phases = [...Map.groupBy(street, ({ phase }) => phase).values()].map((lamps) => lamps.length)
      expect(Math.max(...phases) - Math.min(...phases)).toBeLessThanOrEqual(1)
      expect(new Set(street.map(({ supply }) => supply)).size).toBe(1)
      const spacings = street.slice(1).map((lamp, n) => distanceM(street[n] ?? lamp, lamp))
      expect(Math.min(...spacings)).toBeGreaterThan(29)
      expect(Math.max(...spacings)).toBeLessThan(41)
    }
  })

  test('has its cameras at intersections and its access points behind the gateway of their place', () => {
    const planned = plan(5_000)
    const sitesOf = (kind: string) =>
      [...Map.groupBy(planned, ({ site }) => site)]
        .filter(([site, devices]) => site !== undefined && devices.some((device) => device.kind === kind))
        .map(([, devices]) => devices)
    const intersections = sitesOf('camera')
    const cameras = planned.filter(({ kind }) => kind === 'camera')
    expect(intersections.flat()).toHaveLength(cameras.length)
    expect(intersections.filter((devices) => devices.length > 4)).toEqual([])
    const places = sitesOf('access-point')
    expect(places).toHaveLength(planned.filter(({ kind }) => kind === 'gateway').length)
    for (const devices of places) {
      const [gateway, ...points] = devices
      expect(gateway?.kind).toBe('gateway')
      expect(points.every((point) => point.kind === 'access-point' && point.gateway === gateway?.id)).toBe(true)
    }
  })

  test('spreads over its districts by area', () => {
    const planned = Map.groupBy(plan(5_000), ({ district }) => district)
    const area = [...districts.values()].reduce((sum, { areaM2 }) => sum + areaM2, 0)
    for (const district of districts.values()) {
      const share = (planned.get(district.slug)?.length ?? 0) / 5_000
      expect(Math.abs(share - district.areaM2 / area)).toBeLessThan(0.02)
    }
  })

  test('is the same plan for the same seed, and another for another', () => {
    expect(plan(300, 7)).toEqual(plan(300, 7))
    expect(plan(300, 7)).not.toEqual(plan(300, 8))
  })
})

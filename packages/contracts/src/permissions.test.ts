import { expect, test } from 'vitest'
import { type Permission, type Role, may, permissionNames, roles } from './permissions.ts'

const permissionsOf = (role: Role) => permissionNames.filter((permission) => may(role, permission))

test('each role may more than the one before it, and loses nothing', () => {
  let before: Permission[] = []
  for (const role of roles) {
    const now = permissionsOf(role)
    expect(now).toEqual(expect.arrayContaining(before))
    expect(now.length, role).toBeGreaterThan(before.length)
    before = now
  }
  expect(before).toEqual(permissionNames)
})

test('viewers change nothing but what is their own', () => {
  expect(permissionsOf('viewer')).toEqual(['read', 'keepOwnAccount'])
})

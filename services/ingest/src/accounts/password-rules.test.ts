import { expect, test } from 'vitest'
import { checkNewPassword } from './password-rules.ts'

const sari = { name: 'sari', displayName: 'Sari Wulandari' }

test.each([
  'tiga ekor kucing di atap',
  'x'.repeat(3) + 'correct horse battery',
  '７ｋｕｃｉｎｇ di atap rumah',
  'lampu-jalan-mati-lagi',
  '🐈🐕🐓🐐🐄🐎🐖🦆🐇🦔🐿🐢',
  'correct horse battery staple '.repeat(4).trim(),
])('%s is taken', async (password) => {
  await expect(checkNewPassword(password, sari)).resolves.toBeUndefined()
})

test.each([
  ['elevenchars', /fewer than 12/],
  ['🐈🐕🐓🐐🐄🐎🐖🦆🐇🦔🐿', /fewer than 12/],
  ['correct horse battery staple '.repeat(5), /more than 128/],
  ['kucing-SARI-di-atap', /contains the name/],
  ['i am Sari Wulandari!', /contains the name/],
  ['administrator', /tried first/],
  ['Administrator', /tried first/],
  ['password1234', /tried first/],
  ['!!Password2026', /tried first/],
  ['indonesia2026', /tried first/],
  ['aaaaaaaaaaaaaaaa', /tried first/],
  ['kucingkucing', /tried first/],
  ['123412341234', /tried first/],
])('%s is refused: %s', async (password, why) => {
  await expect(checkNewPassword(password, sari)).rejects.toMatchObject({
    code: 'password_refused',
    problems: [expect.stringMatching(why)],
  })
})

test('everything that is wrong is said at once', async () => {
  await expect(checkNewPassword('sari', sari)).rejects.toMatchObject({
    problems: [expect.stringContaining('12'), expect.stringContaining('name'), expect.stringContaining('first')],
  })
})

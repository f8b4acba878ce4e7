// The cabinet itself.
import { defineRule, minutes, times } from './rule.ts'

export const doorOpen = defineRule({
  code: 'door_open',
  kinds: ['cabinet'],
  severity: 'major',
  on: 'report',
  raise: minutes(5),
  clear: times(2),
  limits: {},
  about: {
    en: 'The door of the cabinet is open outside a maintenance window; over when it is closed.',
    id: 'Pintu panel terbuka di luar jadwal pemeliharaan; selesai bila ditutup.',
  },
  hint: {
    en: 'Ask whether a crew is there; if not, send one: open contacts, theft of power or of cable.',
    id: 'Tanyakan apakah ada regu di lokasi; bila tidak, kirim regu: bahaya sengatan, pencurian listrik atau kabel.',
  },
  find({ fields: { doorOpen: isOpen }, inMaintenance }) {
    if (isOpen === undefined) return 'nothing'
    if (isOpen !== true) return 'good'
    // A crew at work has it open; once the window is over, the time begins.
    return inMaintenance ? 'between' : 'bad'
  },
  evidence: ({ fields: { doorOpen: isOpen } }) => ({ doorOpen: isOpen }),
  message: () => ({ en: 'Cabinet door open', id: 'Pintu panel terbuka' }),
})

// Who may do what: the one table. The guard of the API asks it, the fault engine, the page, which offers nobody what
// they may not do, and docs/accounts.md. Without zod, because the page has it too.

/** Each may do all that those before it may. */
export const roles = ['viewer', 'operator', 'supervisor', 'administrator'] as const
export type Role = (typeof roles)[number]

/** The first role that may, and what it is. */
export const permissions = {
  read: ['viewer', 'see devices, faults, history, maintenance, figures and notices'],
  keepOwnAccount: ['viewer', 'change one’s own password, see and end one’s own sessions'],
  handleFaults: ['operator', 'acknowledge, assign, comment, shelve for 24 h, unshelve, close what has cleared'],
  closeActiveFaults: ['supervisor', 'close a fault that is active still'],
  shelveForDays: ['supervisor', 'shelve for longer than 24 h, up to 7 days'],
  planMaintenance: ['supervisor', 'plan, change and end maintenance windows'],
  readDeadLetters: ['supervisor', 'see what was refused and why, without its content'],
  readDeadLetterContent: ['administrator', 'see what dead letters keep of messages; send them again'],
  changeDevices: ['administrator', 'register, change, retire devices; issue their tokens, print labels'],
  changeServices: ['administrator', 'service principals and their tokens'],
  changeReceivers: ['administrator', 'receivers of webhooks'],
  changeAccounts: ['administrator', 'accounts and sign-in links'],
  readAudit: ['administrator', 'read the audit trail'],
} as const satisfies Record<string, readonly [Role, string]>
export type Permission = keyof typeof permissions
// The keys are those of the object above.
export const permissionNames = Object.keys(permissions) as Permission[]

export function may(role: Role, permission: Permission): boolean {
  return roles.indexOf(role) >= roles.indexOf(permissions[permission][0])
}

// How often people came in, and did not, since the service started: for Prometheus.

export function createSignInCounts() {
  return { password: 0, link: 0, wrong: 0, linkRefused: 0, limited: 0, busy: 0, auditDropped: 0 }
}
export type SignInCounts = ReturnType<typeof createSignInCounts>

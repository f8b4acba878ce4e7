// What is kept of a token that was issued to a device or a service: its SHA-256, never the token.

export interface IssuedToken {
  /** In hex. */
  tokenSha256: string
  /** The token before, valid until crews have brought the new one to where it is used. */
  previousToken?: {
    /** In hex. */
    sha256: string
    /** ms UTC, by the system's clock. */
    until: number
  }
}

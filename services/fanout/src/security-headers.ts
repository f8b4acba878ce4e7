// What browsers are told: run nothing but the page's own files, be framed by nobody, speak to nobody else but to
// whom the city has its map from.
import helmet from '@fastify/helmet'
import type { HttpServer } from '@ronda/runtime/http'
import type { IncomingMessage } from 'node:http'

export interface SecurityHeadersOptions {
  /** Reached over TLS. */
  secure: boolean
  mapStyleUrl: string | undefined
}

export function addSecurityHeaders(app: HttpServer, { secure, mapStyleUrl }: SecurityHeadersOptions): void {
  const mapOrigin = mapStyleUrl === undefined ? [] : [new URL(mapStyleUrl).origin]
  void app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        fontSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', ...mapOrigin],
        manifestSrc: ["'self'"],
        workerSrc: ["'self'"],
        // Not every browser takes 'self' to mean WebSockets too. The host is one that the gate admits.
        connectSrc: ["'self'", (request: IncomingMessage) => webSocketOrigin(request, secure), ...mapOrigin],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    xFrameOptions: { action: 'deny' },
    // On plain http it means nothing, and the name may serve other things on other ports.
    strictTransportSecurity: secure ? { maxAge: 180 * 24 * 3_600, includeSubDomains: false } : false,
    crossOriginOpenerPolicy: secure,
    originAgentCluster: secure,
  })
}

function webSocketOrigin({ headers }: IncomingMessage, secure: boolean): string {
  return `${secure ? 'wss' : 'ws'}://${headers.host ?? ''}`
}

// A link as a person gets it. Its token is in the fragment, so that no server and no log on the way sees it.
import type { WebOrigin } from '@ronda/access/web-origin'
import type { SignInLink } from '@ronda/contracts/session'

export function linkTo(
  { pageUrl }: Pick<WebOrigin, 'pageUrl'>,
  { token, expiresAt }: { token: string; expiresAt: number },
): SignInLink {
  return { url: `${pageUrl}/#token=${token}`, expiresAt }
}

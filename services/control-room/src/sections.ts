// The sections of the room: where each stands in the rail, the letter that goes there after `g`, and its code,
// which is fetched when it is first opened. Their paths are the contract's (page-routes.ts), their names the text's.
import type { PageSection } from '@ronda/contracts/page-routes'
import type { Permission } from '@ronda/contracts/permissions'
import type { ComponentType } from 'react'
import {
  CameraIcon,
  DevicesIcon,
  FaultsIcon,
  MapIcon,
  OverviewIcon,
  PeopleIcon,
  SystemIcon,
  WallIcon,
} from './frame/icons.tsx'

export interface SectionProps {
  /** What of the section is shown, when its address names it. */
  id: string | undefined
}

export interface Section {
  /** Whom it is offered. */
  readonly needs: Permission
  readonly letter: string
  readonly Icon: ComponentType
  readonly load: () => Promise<ComponentType<SectionProps>>
}

export const sections: Readonly<Record<PageSection, Section>> = {
  faults: {
    needs: 'read',
    letter: 'f',
    Icon: FaultsIcon,
    load: async () => (await import('./faults/faults-page.tsx')).FaultsPage,
  },
  map: {
    needs: 'read',
    letter: 'm',
    Icon: MapIcon,
    load: async () => (await import('./map/map-page.tsx')).MapPage,
  },
  devices: {
    needs: 'read',
    letter: 'd',
    Icon: DevicesIcon,
    load: async () => (await import('./devices/devices-page.tsx')).DevicesPage,
  },
  cameras: {
    needs: 'read',
    letter: 'c',
    Icon: CameraIcon,
    load: async () => (await import('./cameras/cameras-page.tsx')).CamerasPage,
  },
  overview: {
    needs: 'read',
    letter: 'o',
    Icon: OverviewIcon,
    load: async () => (await import('./overview/overview-page.tsx')).OverviewPage,
  },
  wall: {
    needs: 'read',
    letter: 'w',
    Icon: WallIcon,
    load: async () => (await import('./wall/wall-page.tsx')).WallPage,
  },
  system: {
    needs: 'read',
    letter: 's',
    Icon: SystemIcon,
    load: async () => (await import('./system/system-page.tsx')).SystemPage,
  },
  accounts: {
    needs: 'changeAccounts',
    letter: 'a',
    Icon: PeopleIcon,
    load: async () => (await import('./accounts/accounts-page.tsx')).AccountsPage,
  },
}

// Keeps what breaks in one section out of the others: faults go on being shown around it. React takes only a class
// for this.
import { Component, type ReactNode } from 'react'

interface SectionGuardProps {
  /** Shown in its place. */
  broken: ReactNode
  children: ReactNode
}

export class SectionGuard extends Component<SectionGuardProps, { isBroken: boolean }> {
  override state = { isBroken: false }

  static getDerivedStateFromError(): { isBroken: boolean } {
    return { isBroken: true }
  }

  override render(): ReactNode {
    return this.state.isBroken ? this.props.broken : this.props.children
  }
}

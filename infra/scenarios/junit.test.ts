import { expect, test } from 'vitest'
import type { Expectation } from './expectations.ts'
import { junitOf } from './junit.ts'

const from = Date.UTC(2026, 10, 21, 13)
const expectation = (is: Expectation['is']): Expectation => ({
  deviceId: 'pju-1',
  code: 'lamp_failure',
  from,
  until: from + 1_000,
  is,
  raiseBy: from + 500,
  clearBy: undefined,
})

test('a case for each fault and each promise, with what is broken', () => {
  const result = {
    faults: [
      { expectation: expectation('must'), found: undefined, breaches: ['missed: lamp_failure of pju-1'] },
      { expectation: expectation('none'), found: undefined, breaches: [] },
    ],
    promises: [
      { promise: 'nothing is lost', breaches: [] },
      { promise: 'nobody complains', breaches: ['broker: <"\u001b[31mred" & bad>', 'a second one'] },
    ],
    behind: undefined,
    seconds: 31.24,
  }
  expect(junitOf([{ name: 'feeder-cut', result }])).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="feeder-cut" tests="4" failures="2" skipped="0" time="31.2">
    <testcase classname="feeder-cut.faults" name="lamp_failure of pju-1 at 2026-11-21T13:00:00.000Z is found">
      <failure message="missed: lamp_failure of pju-1">missed: lamp_failure of pju-1</failure>
    </testcase>
    <testcase classname="feeder-cut.faults" name="lamp_failure of pju-1 at 2026-11-21T13:00:00.000Z is too short to be found"/>
    <testcase classname="feeder-cut.promises" name="nothing is lost"/>
    <testcase classname="feeder-cut.promises" name="nobody complains">
      <failure message="broker: &lt;&quot;\uFFFD[31mred&quot; &amp; bad&gt;">broker: &lt;&quot;\uFFFD[31mred&quot; &amp; bad&gt;
a second one</failure>
    </testcase>
  </testsuite>
</testsuites>
`)
})

test('of a run that the machine could not keep up with, faults are skipped', () => {
  const behind = 'the simulated devices were 90 s late'
  const result = {
    faults: [{ expectation: expectation('must'), found: undefined, breaches: ['missed: lamp_failure of pju-1'] }],
    promises: [{ promise: 'the machine keeps up with the speed', breaches: [behind] }],
    behind,
    seconds: 1,
  }
  const xml = junitOf([{ name: 'day', result }])
  expect(xml).toContain('tests="2" failures="1" skipped="1"')
  expect(xml).toContain(`<skipped message="${behind}"/>`)
})

test('a run that did not come about is a failure', () => {
  expect(junitOf([{ name: 'day', result: undefined }])).toContain('tests="1" failures="1"')
})

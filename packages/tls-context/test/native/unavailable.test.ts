import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { runProgram } from '../../../../test-support/run-program'
import { NativeUnavailableError } from '../../src/native'
import { bindLazily } from '../../src/native/foreign/bind'
import { faultOf } from './support/fault-of'

const PACKAGE_FOLDER = fileURLToPath(new URL('../..', import.meta.url))

describe('where the native functions cannot work', () => {
  test('a missing function is named, at the call and not before', () => {
    const functions = bindLazily({ getppid: ['int'], no_such_function: ['int', 'int'] })
    const error = faultOf(functions)
    expect(error).toBeInstanceOf(NativeUnavailableError)
    expect(error).toMatchObject({ code: 'NATIVE_UNAVAILABLE', symbol: 'no_such_function' })
    expect(error.message).toContain('there is no function no_such_function')
  })

  test.each([
    ['platform', 'win32', 'the system is win32'],
    ['platform', 'darwin', 'the system is darwin'],
    ['arch', 'ia32', 'the processor is ia32'],
  ])(
    'with process.%s %s it is importable, and a call says why',
    async (property, value, reason) => {
      const printed = await run(`
      Object.defineProperty(process, '${property}', { value: '${value}' })
      const native = await import('@h2lab/tls-context/native')
      try {
        native.listenOn({ address: '127.0.0.1', port: 0 })
      } catch (error) {
        console.log(error.code, error.symbol, error.message)
      }`)
      expect(printed).toContain(`NATIVE_UNAVAILABLE undefined`)
      expect(printed).toContain(reason)
    },
  )

  test('importing loads nothing', async () => {
    const loaded =
      'process.report.getReport().sharedObjects.filter((path) => /koffi/.test(path)).length'
    const printed = await run(`
      const native = await import('@h2lab/tls-context/native')
      console.log(${loaded})
      native.waitForDescriptor(-1, 0, 0)
      console.log(${loaded})`)
    expect(printed).toBe('0\n1\n')
  })
})

async function run(script: string): Promise<string> {
  const args = ['--input-type=module', '--eval', script]
  const { stdout, stderr } = await runProgram(process.execPath, args, { cwd: PACKAGE_FOLDER })
  expect(stderr).toBe('')
  return stdout
}

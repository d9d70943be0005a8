import { HELLO_WORLD } from '../../implementations/hello-world'

/*
 * What the programs answer GET / with: the same as all servers of an experiment.
 */

export const BODY = Buffer.from(HELLO_WORLD.body).toString('latin1')

export const CONTENT_TYPE = 'text/plain; charset=utf-8'

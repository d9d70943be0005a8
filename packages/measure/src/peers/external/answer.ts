import { HELLO_WORLD } from '../../implementations/hello-world'

/*
 * The response of the programs to GET /, the same as that of all servers of an experiment.
 */

export const BODY = Buffer.from(HELLO_WORLD.body).toString('latin1')

export const CONTENT_TYPE = 'text/plain; charset=utf-8'

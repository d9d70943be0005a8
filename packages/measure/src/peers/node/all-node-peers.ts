import { fastify } from './fastify'
import { hono } from './hono'
import { nodeHttp2Compat } from './node-http2-compat'
import { nodeHttps } from './node-https'
import type { NodePeer } from './node-peer'

/** In display order: plain Node.js first. */
export const ALL_NODE_PEERS: readonly NodePeer[] = [nodeHttp2Compat, nodeHttps, fastify, hono]

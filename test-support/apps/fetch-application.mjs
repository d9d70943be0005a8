// An application as exported by Hono and others, for servers that take a handler.

export const fetch = (request) => new Response(request.url)

export default { fetch }

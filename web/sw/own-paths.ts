/** Addresses that only the gateway can answer: never the page, never its files. */
export const isGatewayPath = /^\/(api|media|models|metrics)(\/|$)/;

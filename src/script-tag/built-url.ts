/** The endpoint of a script that was built for one: `PHAROS_URL=https://beacon.example.com/v1/beacon npm run build`. */
export const builtUrl: string | undefined = undefined

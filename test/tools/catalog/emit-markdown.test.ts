import { expect, it } from 'vitest'
import { emitMarkdown } from '../../../tools/catalog/emit-markdown.ts'
import { catalog } from './shop.ts'

it('writes a table', () => {
  expect(emitMarkdown(catalog)).toMatchInlineSnapshot(`
    "| Metric | Kind | Unit | Attributes | Prometheus | Help |
    | --- | --- | --- | --- | --- | --- |
    | \`checkout.clicks\` | counter |  | \`page\`: \`/cart\`, \`/basket\`<br>\`member\`: boolean<br>\`campaign\`: string | \`checkout_clicks_total\` | Clicks on the checkout button. |
    | \`search.duration\` | histogram | \`s\` | \`cached\`: boolean<br>\`results\`: number | \`search_duration_seconds\` | How long a search took. |
    | \`_odd\` | counter | \`By\` | \`service\`: \`a\\|b\`, \`\` \` \`\`, \`\`\`c\`\`d\`\`\`<br>\`http.route\`: \`{id}\`, \`"\`<br>\`http_route\`: boolean | \`odd_bytes_total\` | A \\| b, \\\`c\\\`, \\*d\\* {{ .Labels.service }} "e" \\\\   é 😀 \\<b\\>\\&amp; |
    | \`reply.size\` | histogram | \`By\` | \`le\`: \`x\` | \`reply_size_bytes\` | Bytes of a reply. |
    | \`score\` | histogram | \`{score}\` |  | \`score\` | One bucket. |
    "
  `)
})

it('writes the head of an empty table', () => {
  expect(emitMarkdown({})).toBe(
    '| Metric | Kind | Unit | Attributes | Prometheus | Help |\n| --- | --- | --- | --- | --- | --- |\n',
  )
})

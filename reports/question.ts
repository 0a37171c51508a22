/** What every report answers. */
export const QUESTION = 'Where should one SQL query live?'

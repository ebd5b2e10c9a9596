import { quickstartTests } from '../../quickstart-tests.ts'

quickstartTests('hono-fetch')

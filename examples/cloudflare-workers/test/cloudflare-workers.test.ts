import { quickstartTests } from '../../quickstart-tests.ts'

quickstartTests('cloudflare-workers')

import { quickstartTests } from '../../quickstart-tests.ts'

quickstartTests('nest-express')

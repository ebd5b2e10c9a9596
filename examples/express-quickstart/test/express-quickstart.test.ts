import { quickstartTests } from '../../quickstart-tests.ts'

quickstartTests('express-quickstart')

import { DetailPane } from './detail/detail-pane.tsx'
import { HelpDialog } from './help/help-dialog.tsx'
import { DeliveryList } from './list/delivery-list.tsx'
import { FilterBar } from './list/filter-bar.tsx'
import { LostConnection } from './overview/lost-connection.tsx'
import { NoSession } from './overview/no-session.tsx'
import { PlayedAnswerNotice } from './overview/played-answer.tsx'
import { ProvidersStrip } from './overview/providers-strip.tsx'
import { RefusalsStrip } from './overview/refusals-strip.tsx'
import { TopBar } from './overview/top-bar.tsx'
import { SendDialog } from './send/send-dialog.tsx'
import { sessionState } from './server/session.ts'
import { opened } from './state/detail.ts'

export function App() {
  if (sessionState.value === 'none') return <NoSession />
  return (
    <div class={`app ${opened.value === undefined ? '' : 'has-detail'}`}>
      <TopBar />
      <LostConnection />
      <PlayedAnswerNotice />
      <main class="panes">
        <div class="overview">
          <ProvidersStrip />
          <RefusalsStrip />
        </div>
        <FilterBar />
        <div class="split">
          <DeliveryList />
          {opened.value !== undefined && <DetailPane />}
        </div>
      </main>
      <SendDialog />
      <HelpDialog />
    </div>
  )
}

import { Tooltip as Base } from '@base-ui/react/tooltip'

/** The tooltip of an element, beside it. `data-tooltip-side` says where, where below is not best. */
export function TooltipPopup({ target, onClose }: { target: HTMLElement; onClose: () => void }) {
  const { tooltip, tooltipSide } = target.dataset
  const side = sides.find((one) => one === tooltipSide) ?? 'bottom'
  return (
    <Base.Root open onOpenChange={(isOpen) => isOpen || onClose()}>
      <Base.Portal>
        <Base.Positioner anchor={target} side={side} sideOffset={6} collisionPadding={6} className="z-50">
          <Base.Popup
            role="tooltip"
            className="pop max-w-64 rounded-sm bg-ink px-2 py-1 text-xs text-canvas shadow-float"
          >
            {tooltip}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

const sides = ['top', 'bottom', 'inline-start', 'inline-end'] as const

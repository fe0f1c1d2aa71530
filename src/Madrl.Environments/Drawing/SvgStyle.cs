namespace Madrl.Environments.Drawing;

/// <summary>The looks of an SVG drawing: the dashboard's colours, light, or dark where the reader's system is.</summary>
internal static class SvgStyle
{
    /// <summary>The style sheet. Targets are outlined, so that they differ from agents not by colour alone.</summary>
    public const string Text = """

        text {
          font: 14px system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
          font-variant-numeric: tabular-nums; fill: #566270;
        }
        .page { fill: #ffffff; } .view { fill: #f5f6f7; stroke: #dfe3e7; }
        .title, .return { fill: #1a2026; font-weight: 600; } .return { text-anchor: end; }
        .agent { color: #0f5f8c; } .adversary { color: #b3261e; } .target { color: #16703c; } .obstacle { color: #7b8794; }
        .ground { color: #dfe4e8; } .link { color: #a3afbb; } .highlight { color: #b06a00; }
        circle, g rect { fill: currentColor; stroke: #f5f6f7; } .ground rect { stroke: none; }
        .target circle, .target rect { fill-opacity: 0.2; stroke: currentColor; stroke-width: 2; }
        line { stroke: currentColor; stroke-width: 2.5; stroke-linecap: round; }
        g text { fill: #ffffff; font-weight: 600; text-anchor: middle; }
        .ground text, .link text { fill: #1a2026; } .target text { fill: currentColor; }
        @media (prefers-color-scheme: dark) {
          text { fill: #9ba8b5; }
          .page { fill: #171c22; } .view { fill: #0f1317; stroke: #2b333c; } .title, .return { fill: #e6eaee; }
          .agent { color: #6cbcea; } .adversary { color: #ff8f85; } .target { color: #6fce92; } .obstacle { color: #7b8794; }
          .ground { color: #2b333c; } .link { color: #66737f; } .highlight { color: #f0b65a; }
          circle, g rect { stroke: #0f1317; } g text { fill: #0f1317; } .ground text, .link text { fill: #e6eaee; }
        }

        """;
}
